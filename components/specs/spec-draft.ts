import {
  type DefinitionParts,
  emptyDefinition,
} from '@/lib/imagespec/definition';
import {
  FORM_FIELDS,
  readSpecForm,
  type SpecForm,
  toSpecForm,
} from '@/lib/imagespec/form';
import { FIELD_ORDER } from '@/lib/imagespec/fields';
import { lockTool } from '@/lib/imagespec/requirements';
import { emptySpec, type ImageSpec } from '@/lib/imagespec/schema';
import type { BaseChoiceView } from '@/lib/imagespec/views';
import {
  findRegistry,
  formatPlace,
  isInPlace,
  type Place,
  readRepository,
} from '@/lib/registry/covering';

/** What is in the form beside the spec's own fields. */
const MORE_FIELDS = [
  /** A registry's id, `NONE`, or `WRITTEN`: what the spec says, though no registry here covers it. */
  'registryId',
  'requirementsText',
  'pyprojectText',
  /** SHA-256 of the uploaded project. */
  'archive',
  /** The revision that is the base image, when that is a spec. */
  'baseRevisionId',
  /** JSON: what a mount calls its file → name of the secret. */
  'secretNames',
  'flytekitVersion',
  'message',
] as const;

export const DRAFT_FIELDS = [...FORM_FIELDS, ...MORE_FIELDS] as const;

/** What is in the form: text only, so that nothing one types is lost. */
export type SpecDraft = SpecForm & Record<(typeof MORE_FIELDS)[number], string>;

export const NONE = 'none';
export const WRITTEN = 'written';

export type RegistryChoice = Place & {
  id: string;
  name: string;
  archivedAt: string | null;
};

/** The revision a draft began from. */
export type DraftBase = DefinitionParts & { fields: ImageSpec };

/** A definition as the server takes it, but for the message. */
export type DraftDefinition = DefinitionParts & {
  fields: ImageSpec;
  registryId: string | null;
};

export type DraftReading =
  | ({ ok: true } & DraftDefinition)
  | { ok: false; errors: Partial<Record<keyof SpecDraft, string>> };

export const DEFAULT_FILE = 'requirements.txt';

/** The form of a revision, or of a new spec. `registryId` is the spec's own, which may not be among the registries. */
export function toSpecDraft(
  base: DraftBase | null,
  registries: readonly RegistryChoice[],
  registryId: string | null,
): SpecDraft {
  const form = toSpecForm(base?.fields ?? emptySpec());
  const parts = base ?? emptyDefinition;
  return {
    ...form,
    name: base ? form.name : '',
    registryId: chooseRegistry(form.registry, registries, registryId),
    requirementsText: parts.requirements ?? '',
    pyprojectText: parts.pyproject ?? '',
    archive: parts.archive ?? '',
    baseRevisionId: parts.baseRevisionId ?? '',
    secretNames: JSON.stringify(parts.secretNames),
    flytekitVersion: parts.flytekitVersion ?? '',
    message: '',
  };
}

function chooseRegistry(
  written: string,
  registries: readonly RegistryChoice[],
  registryId: string | null,
): string {
  if (registryId !== null && registries.some(({ id }) => id === registryId))
    return registryId;
  const repository = written === '' ? null : placeOf(written);
  if (!repository) return NONE;
  return findRegistry(registries, repository)?.id ?? WRITTEN;
}

/**
 * Reads the form. What the revision it began from writes as empty stays so while it is empty, and a registry text below
 * the chosen place stays as it is: both are part of the tag.
 */
export function readSpecDraft(
  draft: SpecDraft,
  registries: readonly RegistryChoice[],
  base: DraftBase | null,
  bases: readonly BaseChoiceView[] = [],
): DraftReading {
  const hasFile =
    draft.requirementsText.trim() !== '' ||
    (base?.fields.requirements !== undefined &&
      draft.requirementsText === base.requirements);
  const { baseRevisionId } = draft;
  const below =
    baseRevisionId === '' ? null : findBase(baseRevisionId, bases, base);
  if (below === undefined) {
    const base_image = 'This spec is no longer there. Choose another base.';
    return { ok: false, errors: { base_image } };
  }
  const requirements = hasFile ? draft.requirements.trim() || DEFAULT_FILE : '';
  const reading = readSpecForm(
    {
      ...draft,
      registry: registryText(draft.registryId, registries, base?.fields),
      requirements,
    },
    below,
  );
  if (!reading.ok) {
    const { registry, ...errors } = reading.fields;
    return {
      ok: false,
      errors: { ...errors, ...(registry ? { registryId: registry } : {}) },
    };
  }
  const isChosen = draft.registryId !== NONE && draft.registryId !== WRITTEN;
  return {
    ok: true,
    fields: keepEmpty(reading.spec, base?.fields),
    requirements: hasFile ? draft.requirementsText : null,
    pyproject: lockTool(requirements) ? draft.pyprojectText : null,
    archive: orNull(draft.archive),
    baseRevisionId: orNull(baseRevisionId),
    secretNames: readSecretNames(draft.secretNames),
    flytekitVersion: orNull(draft.flytekitVersion.trim()),
    registryId: isChosen ? draft.registryId : null,
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** What a base that is a spec asks for; undefined when it is not known. */
function findBase(
  revisionId: string,
  bases: readonly BaseChoiceView[],
  base: DraftBase | null,
): ImageSpec | undefined {
  const found = bases.find((choice) => choice.revisionId === revisionId);
  if (found) return found.fields;
  const saved = base?.baseRevisionId === revisionId && base.fields.base_image;
  return typeof saved === 'object' ? saved : undefined;
}

/** The mapping a draft holds as JSON. Total: what is no mapping is none. */
export function readSecretNames(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    const entries = Object.entries(value ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** What `ImageSpec.registry` becomes for a choice. */
function registryText(
  choice: string,
  registries: readonly RegistryChoice[],
  base: ImageSpec | undefined,
): string {
  const written = base?.registry ?? '';
  if (choice === WRITTEN) return written;
  const registry = registries.find(({ id }) => id === choice);
  if (!registry) return '';
  const repository = written === '' ? null : placeOf(written);
  return repository && isInPlace(registry, repository)
    ? written
    : formatPlace(registry);
}

/** Whether a spec names a registry that is none of these. */
export function isUncovered(
  written: string,
  registries: readonly RegistryChoice[],
): boolean {
  const repository = written === '' ? null : placeOf(written);
  return repository !== null && !findRegistry(registries, repository);
}

function placeOf(registry: string) {
  return readRepository(`${registry.toLowerCase()}/x`);
}

/** flytekit hashes an empty list or text, but not one left out. */
function keepEmpty(fields: ImageSpec, base: ImageSpec | undefined): ImageSpec {
  const kept = FIELD_ORDER.filter(
    (name) =>
      name !== 'requirements' &&
      fields[name] === undefined &&
      isEmpty(base?.[name]),
  );
  const ordered =
    base?.builder_config && fields.builder_config
      ? {
          builder_config: inOrderOf(base.builder_config, fields.builder_config),
        }
      : {};
  return {
    ...fields,
    ...Object.fromEntries(kept.map((name) => [name, base?.[name]])),
    ...ordered,
  };
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

type Pairs = NonNullable<ImageSpec['builder_config']>;

function inOrderOf(base: Pairs, pairs: Pairs): Pairs {
  const place = ([key]: Pairs[number]) =>
    base.findIndex(([known]) => known === key);
  const rank = (pair: Pairs[number]) =>
    place(pair) === -1 ? base.length : place(pair);
  return [...pairs].sort((a, b) => rank(a) - rank(b));
}

/** Whether two forms say the same. */
export function isSameDraft(one: SpecDraft, other: SpecDraft): boolean {
  return (Object.keys(one) as (keyof SpecDraft)[]).every(
    (name) => one[name] === other[name],
  );
}
