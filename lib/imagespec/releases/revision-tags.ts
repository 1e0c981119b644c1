import { sha1 } from '@noble/hashes/legacy';
import { bytesToHex } from '@noble/hashes/utils';
import { z } from 'zod';
import type { Digests } from '@/lib/imagespec/digests';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { toFields } from '@/lib/imagespec/tag';
import { type LineTag, tagsByRelease } from './by-release';
import type { Machine } from './outcome';

export const RevisionNumber = z.object({
  specId: z.uuid(),
  number: z.coerce
    .number()
    .int()
    .positive()
    .max(2 ** 31 - 1),
});
export type RevisionNumber = z.infer<typeof RevisionNumber>;

/** Whether a registry has a tag. `unknown` is neither: the registry could not be asked, or would not say. */
export type TagExistence =
  | { tag: string; state: 'exists'; digest: string }
  | { tag: string; state: 'missing' }
  | { tag: string; state: 'unknown'; reason: string };

export type TagExistenceView = {
  tags: TagExistence[];
  /** When the registry was asked, ISO 8601. */
  askedAt: string;
};

/** What the tags of a saved spec are made from. */
export type TaggedRevision = {
  fields: ImageSpec;
  digests: Digests;
  /** The text of the requirements file. */
  requirements: string | null;
};

/** The tag of a saved spec in every line of releases. */
export function tagsOfRevision(
  { fields, digests, requirements }: TaggedRevision,
  machine: Machine,
): LineTag[] {
  const unstripped =
    requirements === null
      ? {}
      : {
          unstripped: bytesToHex(sha1(new TextEncoder().encode(requirements))),
        };
  return tagsByRelease(
    toFields(fields),
    { ...digests, ...unstripped },
    machine,
  );
}

/** Every tag that a saved spec can have on some machine, each once. */
export function possibleTags(revision: TaggedRevision): string[] {
  const tags = [false, true].flatMap((isArm64) =>
    tagsOfRevision(revision, { isArm64 }).flatMap(({ outcome }) =>
      outcome.kind === 'tag' ? [outcome.tag] : [],
    ),
  );
  return [...new Set(tags)];
}
