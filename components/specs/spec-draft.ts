import { readSpecForm, type SpecForm, toSpecForm } from '@/lib/imagespec/form';
import { emptySpec, type ImageSpec } from '@/lib/imagespec/schema';
import {
  findRegistry,
  formatPlace,
  isInPlace,
  type Place,
  readRepository,
} from '@/lib/registry/covering';

/** What is in the form: text only, so that nothing one types is lost. */
export type SpecDraft = SpecForm & {
  /** A registry's id, `NONE`, or `WRITTEN`: what the spec says, though no registry here covers it. */
  registryId: string;
  requirementsText: string;
  message: string;
};

export const NONE = 'none';
export const WRITTEN = 'written';

export type RegistryChoice = Place & {
  id: string;
  name: string;
  archivedAt: string | null;
};

/** The revision a draft began from. */
export type DraftBase = { fields: ImageSpec; requirements: string | null };

export type DraftReading =
  | {
      ok: true;
      fields: ImageSpec;
      requirements: string | null;
      registryId: string | null;
    }
  | { ok: false; errors: Partial<Record<keyof SpecDraft, string>> };

export const DEFAULT_FILE = 'requirements.txt';

/** The form of a revision, or of a new spec. `registryId` is the spec's own, which may not be among the registries. */
export function toSpecDraft(
  base: DraftBase | null,
  registries: readonly RegistryChoice[],
  registryId: string | null,
): SpecDraft {
  const form = toSpecForm(base?.fields ?? emptySpec());
  return {
    ...form,
    name: base ? form.name : '',
    registryId: chooseRegistry(form.registry, registries, registryId),
    requirementsText: base?.requirements ?? '',
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
): DraftReading {
  const hasFile =
    draft.requirementsText.trim() !== '' ||
    (base?.fields.requirements !== undefined &&
      draft.requirementsText === base.requirements);
  const reading = readSpecForm({
    ...draft,
    registry: registryText(draft.registryId, registries, base?.fields),
    requirements: hasFile ? draft.requirements.trim() || DEFAULT_FILE : '',
  });
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
    registryId: isChosen ? draft.registryId : null,
  };
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

const MAY_BE_EMPTY = [
  'packages',
  'apt_packages',
  'commands',
  'env',
  'builder_config',
  'registry',
  'base_image',
  'python_version',
  'python_exec',
] as const;

/** flytekit hashes an empty list or text, but not one left out. */
function keepEmpty(fields: ImageSpec, base: ImageSpec | undefined): ImageSpec {
  const kept = MAY_BE_EMPTY.filter(
    (name) => fields[name] === undefined && isEmpty(base?.[name]),
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
