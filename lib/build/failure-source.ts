import type { ErrorCode } from '@/lib/errors';
import { entriesOf } from '@/lib/imagespec/changes';
import type { FieldName } from '@/lib/imagespec/fields';
import { fieldOfInstruction } from '@/lib/imagespec/instruction-field';
import { entryWords } from '@/lib/imagespec/package-rules';
import type { ImageSpec } from '@/lib/imagespec/schema';

/** What of a spec made a build fail: a field, and the entry in it where one can be named. */
export type FailureSource = {
  field: FieldName;
  /** The entry as it is written, and its line in the field, from 1. */
  entry: { text: string; line: number } | null;
};

type Known = {
  failure: { code: ErrorCode; message: string };
  /** Name of the step that failed. */
  step: string | null;
  spec: ImageSpec;
  /** The requirements text, when the spec has one. */
  requirements: string | null;
};

/** Fields that failures name by themselves, whichever step they happened in. */
const BY_CODE: Partial<Record<ErrorCode, FieldName | null>> = {
  BUILD_CERTIFICATE_UNTRUSTED: null,
  BUILD_SECRET_MISSING: 'pip_secret_mounts',
  BUILD_PUSH_DENIED: 'registry',
  BUILD_PUSH_FAILED: 'registry',
  BUILD_BASE_FAILED: 'base_image',
};

const INSTALLED: ReadonlySet<FieldName> = new Set([
  'packages',
  'apt_packages',
  'conda_packages',
]);
const INDEXES = [
  'pip_index',
  'pip_extra_index_url',
  'conda_channels',
] as const satisfies FieldName[];

/**
 * Says which field of the spec a failed build comes from, and which entry of it, by the step that failed and what the
 * failure names. `null` when it comes from none: the builder's own steps, the engine, the worker.
 */
export function findFailureSource(known: Known): FailureSource | null {
  const { code } = known.failure;
  const named = BY_CODE[code];
  const field = named === undefined ? fieldOfStep(known) : named;
  if (field === null) return null;
  if (code.startsWith('BUILD_SERVER_') && INSTALLED.has(field))
    return ofServer(known);
  if (field === 'packages') return ofPackages(known);
  return { field, entry: entryIn(field, known) };
}

function fieldOfStep({ failure, step, spec }: Known): FieldName | null {
  const field = step === null ? null : fieldOfInstruction(step, spec);
  if (field !== null || !/^BUILD_BASE_(?:NOT_FOUND|DENIED)$/.test(failure.code))
    return field;
  // Not every engine has a step for an image it cannot have, but all name it.
  const images = wordsOf(failure.message).map((word) =>
    fieldOfInstruction(`FROM ${word}`, spec),
  );
  return images.find((found) => found !== null) ?? null;
}

/** The field that names the server that packages were asked of; `null` for the usual one, which none names. */
function ofServer({ failure, spec }: Known): FailureSource | null {
  const hosts = wordsOf(failure.message).filter((word) => word.includes('.'));
  for (const field of INDEXES) {
    const entry = find(entriesOf(spec, field) ?? [], (url) =>
      hosts.some((host) => url.includes(host)),
    );
    if (entry) return { field, entry };
  }
  return null;
}

/** A package may stand in the list, or in the requirements text. */
function ofPackages(known: Known): FailureSource {
  const { spec, requirements } = known;
  const entry = entryIn('packages', known);
  if (entry) return { field: 'packages', entry };
  const line =
    requirements === null ? null : findPackage(requirements.split('\n'), known);
  if (line) return { field: 'requirements', entry: line };
  const isOnlyText = !spec.packages?.length && requirements !== null;
  return { field: isOnlyText ? 'requirements' : 'packages', entry: null };
}

function entryIn(field: FieldName, known: Known): FailureSource['entry'] {
  const entries = entriesOf(known.spec, field) ?? [];
  switch (field) {
    case 'apt_packages':
    case 'packages':
    case 'conda_packages':
      return findPackage(entries, known);
    case 'copy':
      return find(entries, (entry) => isCopied(entry, known.step ?? ''));
    case 'pip_secret_mounts':
      return find(entries, (entry) =>
        wordsOf(known.failure.message).includes(entry.split(' → ')[0] ?? ''),
      );
    case 'builder_config':
      return find(entries, (entry) =>
        (known.step ?? '').includes(entry.slice(entry.indexOf('=') + 1)),
      );
    // Which of several commands failed the engine does not say.
    default:
      return entries.length === 1 ? find(entries, () => true) : null;
  }
}

function find(
  entries: readonly string[],
  is: (entry: string) => boolean,
): FailureSource['entry'] {
  const index = entries.findIndex(is);
  const text = entries[index];
  return text === undefined ? null : { text, line: index + 1 };
}

/** The entry of the package that the message names. One apt entry may hold several. */
function findPackage(
  entries: readonly string[],
  known: Known,
): FailureSource['entry'] {
  const named = wordsOf(known.failure.message).map(packageName);
  return find(entries, (entry) =>
    entryWords(entry).some((word) => {
      const name = packageName(word);
      return name !== '' && named.includes(name);
    }),
  );
}

/** The words of the message that may be names, without the sentence's own signs. */
function wordsOf(message: string): string[] {
  return message.split(/\s+/).map((word) => word.replace(/[.,:;]+$/, ''));
}

/** A name without version, extras, channel and architecture, and as package indexes compare names. */
function packageName(text: string): string {
  const [name = ''] = text
    .replace(/^[\w./-]+::/, '')
    .split(/[\s=<>!~;@[/:]/, 1);
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function isCopied(entry: string, step: string): boolean {
  const path = entry.replace(/^\.\//, '').replace(/\/+$/, '');
  return step.includes(`"copy/${path}"`);
}
