import type { Digests } from '@/lib/imagespec/digests';
import type { FieldName } from '@/lib/imagespec/fields';
import { pyRepr } from '@/lib/imagespec/python-repr';
import { isTruthy, pyStr, type PyValue } from '@/lib/imagespec/python-value';

/** What a release reads from disk. Every digest left out makes the tags that need it `unknown`. */
export type ReleaseDigests = Omit<Digests, 'base'> & {
  /** SHA-1 of the requirements file with its white space, as releases before 1.13.5 take it. */
  unstripped?: string;
  /** Digests of source_root by the releases before 1.14.0: they go by the order in which a disk lists its files. */
  sourceBefore?: Partial<Record<'1.10.0' | '1.12.0' | '1.13.6', string>>;
  base?: ReleaseDigests;
};

/** A field as it stands in the hashed text. */
export type HashedField = { field: FieldName; text: string };

/** What a release makes of a spec: a tag, a refusal, or something that only the registering machine can know. */
export type ReleaseOutcome =
  { kind: 'tag'; tag: string; hashed: readonly HashedField[] } | NoTag;

type NoTag = { kind: 'refused' | 'unknown'; field: FieldName; reason: string };

export type Machine = { isArm64: boolean };

/** Thrown inside this folder only, where a tag ends before it is one. */
export class Stopped extends Error {
  readonly outcome: NoTag;

  constructor(outcome: NoTag) {
    super(outcome.reason);
    this.outcome = outcome;
  }
}

/** The `repr` of a digest. Throws `Stopped` when it was not given. */
export function digestText(
  digest: string | undefined,
  field: FieldName,
): string {
  if (digest !== undefined) return pyRepr(pyStr(digest));
  const reason = `The tag depends on the content of ${field}, which is not known here.`;
  throw new Stopped({ kind: 'unknown', field, reason });
}

export function isSet(value: PyValue | undefined): boolean {
  return value !== undefined && isTruthy(value);
}
