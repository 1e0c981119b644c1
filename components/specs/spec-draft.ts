import {
  type DefinitionParts,
  emptyDefinition,
} from '@/lib/imagespec/definition';
import {
  emptyFields,
  FORM_FIELDS,
  readSpecForm,
  type SpecForm,
  toSpecForm,
  withEmptyFields,
} from '@/lib/imagespec/form';
import { lockTool } from '@/lib/imagespec/requirements';
import { emptySpec, type ImageSpec } from '@/lib/imagespec/schema';
import { specId } from '@/lib/imagespec/tag';
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
  /** JSON: names of the fields that are written as empty while nothing is in them. */
  'empty',
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
    empty: JSON.stringify(base ? emptyFields(base.fields) : []),
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
    const base_image =
      'The base is no saved spec of the team. Save it as a spec of its own, then choose it here.';
    return { ok: false, errors: { base_image } };
  }
  const requirements = hasFile ? draft.requirements.trim() || DEFAULT_FILE : '';
  const reading = readSpecForm(
    {
      ...draft,
      registry: registryText(draft, registries),
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
    fields: inOrder(
      withEmptyFields(reading.spec, emptyFor(draft, hasFile)),
      base?.fields,
    ),
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

/** What `ImageSpec.registry` becomes: what is written, as long as it lies in the chosen place. */
function registryText(
  { registryId, registry: written }: SpecDraft,
  registries: readonly RegistryChoice[],
): string {
  if (registryId === WRITTEN) return written;
  const registry = registries.find(({ id }) => id === registryId);
  if (!registry) return '';
  const repository = written === '' ? null : placeOf(written);
  return repository && isInPlace(registry, repository)
    ? written
    : formatPlace(registry);
}

/** A requirements file is there or not; an empty path stands for none. */
function emptyFor({ empty }: SpecDraft, hasFile: boolean): string[] {
  const names = readList(empty);
  return hasFile ? names.filter((name) => name !== 'requirements') : names;
}

function readList(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return [];
  }
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

/** The form holds the helper images in one order; that of the revision it began from is part of the tag. */
function inOrder(fields: ImageSpec, base: ImageSpec | undefined): ImageSpec {
  return base?.builder_config && fields.builder_config
    ? {
        ...fields,
        builder_config: inOrderOf(base.builder_config, fields.builder_config),
      }
    : fields;
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

/**
 * The draft after its spec was written as code: what code cannot say stays as it is. A base that is a spec must be one of
 * the team's; otherwise the draft says that it is not known.
 */
export function withSpec(
  draft: SpecDraft,
  spec: ImageSpec,
  registries: readonly RegistryChoice[],
  bases: readonly BaseChoiceView[],
): SpecDraft {
  const form = toSpecForm(spec);
  const { base_image: base } = spec;
  const id = typeof base === 'object' ? specId(base) : null;
  const known = bases.find(({ fields }) => specId(fields) === id);
  return {
    ...draft,
    ...form,
    registryId: chooseRegistry(form.registry, registries, null),
    baseRevisionId: id === null ? '' : (known?.revisionId ?? UNKNOWN_BASE),
    empty: JSON.stringify(emptyFields(spec)),
    ...(spec.requirements ? {} : { requirementsText: '', pyprojectText: '' }),
  };
}

const UNKNOWN_BASE = 'unknown';
