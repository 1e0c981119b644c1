import { AppError } from '@/lib/errors';
import type { BuildNote } from '@/lib/imagespec/build-notes';
import {
  changedFields,
  type Definition,
  type FieldChange,
} from '@/lib/imagespec/changes';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import { requirementsDigest } from '@/lib/imagespec/digests';
import { toDockerfile } from '@/lib/imagespec/dockerfile';
import type { HelperImages } from '@/lib/imagespec/helper-images';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { imageName, specTag } from '@/lib/imagespec/tag';

/** What a definition would become. */
export type Preview = {
  /** `registry/name`, without the tag. */
  name: string;
  tag: string;
  dockerfile: string;
  notes: BuildNote[];
};

export type PreviewReading =
  | { ok: true; preview: Preview }
  | { ok: false; errors: Record<string, string> };

type Asked = {
  fields: ImageSpec;
  requirements: string | null;
  flytekitVersion?: string;
};

/** Tag and Dockerfile as the server and a worker will make them, but for the CA certificates that a worker may add. */
export function readPreview(
  { fields, requirements, flytekitVersion = DEFAULT_FLYTEKIT_VERSION }: Asked,
  helpers: HelperImages,
): PreviewReading {
  try {
    const digests =
      requirements === null
        ? {}
        : { requirements: requirementsDigest(requirements) };
    const tag = specTag(fields, digests);
    const { text, notes } = toDockerfile(fields, {
      files:
        fields.requirements && requirements !== null
          ? { [fields.requirements]: requirements }
          : {},
      uvImage: helpers.uv,
      micromambaImage: helpers.micromamba,
      flytekitVersion,
    });
    return {
      ok: true,
      preview: {
        name: imageName(fields, digests).slice(0, -tag.length - 1),
        tag,
        dockerfile: text,
        notes,
      },
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, errors: error.fields ?? { name: error.message } };
  }
}

/** A revision to compare with. */
export type Compared = Definition & { number: number; tag: string };

/** What a draft changes, and what that does to the tag. */
export type TagStory =
  | { kind: 'first' }
  | { kind: 'same' }
  | { kind: 'new' | 'untouched'; changes: FieldChange[] };

/** Why the tag is what it is. `untouched`: something changed that flytekit's tag does not cover. */
export function tellTag(
  draft: { fields: ImageSpec; requirements: string | null; tag: string },
  base: Compared | null,
): TagStory {
  if (!base) return { kind: 'first' };
  const changes = changedFields(base, {
    fields: draft.fields,
    requirements: draft.requirements,
    flytekitVersion: DEFAULT_FLYTEKIT_VERSION,
  });
  if (changes.length === 0) return { kind: 'same' };
  return { kind: draft.tag === base.tag ? 'untouched' : 'new', changes };
}

/** Numbers, from 1, of the lines of `text` that `before` does not have. */
export function newLines(text: string, before: string): number[] {
  const known = new Map<string, number>();
  for (const line of before.split('\n'))
    known.set(line, (known.get(line) ?? 0) + 1);
  return text.split('\n').flatMap((line, index) => {
    const left = known.get(line) ?? 0;
    known.set(line, left - 1);
    return left > 0 ? [] : [index + 1];
  });
}
