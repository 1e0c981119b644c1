import { AppError } from '@/lib/errors';
import type { BuildNote } from '@/lib/imagespec/build-notes';
import {
  changedFields,
  type Definition,
  type FieldChange,
} from '@/lib/imagespec/changes';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import {
  type DefinitionParts,
  digestsOf,
  filesOf,
} from '@/lib/imagespec/definition';
import type { Digests } from '@/lib/imagespec/digests';
import { toDockerfile } from '@/lib/imagespec/dockerfile';
import type { HelperImages } from '@/lib/imagespec/helper-images';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { imageName, specTag } from '@/lib/imagespec/tag';
import type { RevisionView } from '@/lib/imagespec/views';

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

/** A definition, and what only the server knows of the things it names. */
export type Asked = DefinitionParts & {
  fields: ImageSpec;
  /** The project's paths and digests, `null` when nothing is copied or they are not known yet. */
  project: ProjectReading | null;
  /** The base, when that is a spec. */
  below: { image: string; digests: Digests } | null;
};

export type ProjectReading = {
  paths: readonly string[];
  digests: Pick<Digests, 'copy' | 'source'>;
};

/** Tag and Dockerfile as the server and a worker will make them, but for the CA certificates that a worker may add. */
export function readPreview(
  asked: Asked,
  helpers: HelperImages,
  teamFlytekit: string = DEFAULT_FLYTEKIT_VERSION,
): PreviewReading {
  const { fields, project, below } = asked;
  try {
    const digests = digestsOf(
      fields,
      asked.requirements,
      project?.digests ?? {},
      below?.digests ?? null,
    );
    const tag = specTag(fields, digests);
    const { text, notes } = toDockerfile(fields, {
      files: filesOf(fields, asked),
      ...(asked.archive === null ? {} : { treePaths: project?.paths ?? null }),
      ...(below ? { baseImage: below.image } : {}),
      uvImage: helpers.uv,
      micromambaImage: helpers.micromamba,
      flytekitVersion: asked.flytekitVersion ?? teamFlytekit,
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

/** What a saved revision would become again. */
export function askedOf(revision: RevisionView): Asked {
  const { base_image: base } = revision.fields;
  return {
    ...revision,
    project: {
      paths: revision.archiveFiles.map(({ path }) => path),
      digests: revision.digests,
    },
    below:
      typeof base === 'object'
        ? {
            image: imageName(base, revision.digests.base ?? {}),
            digests: revision.digests.base ?? {},
          }
        : null,
  };
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
  draft: Definition & { tag: string },
  base: Compared | null,
): TagStory {
  if (!base) return { kind: 'first' };
  const changes = changedFields(base, draft);
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
