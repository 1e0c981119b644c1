import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { definitionHash } from '@/lib/imagespec/definition-hash';
import {
  type DefinitionParts,
  digestsOf,
  filesOf,
} from '@/lib/imagespec/definition';
import { type Digests, projectDigests } from '@/lib/imagespec/digests';
import { SpecError } from '@/lib/imagespec/errors';
import { ImageSpec } from '@/lib/imagespec/schema';
import { imageName, specId, specTag } from '@/lib/imagespec/tag';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { readArchive } from '@/lib/services/archives';
import { teamFlytekit } from '@/lib/services/settings';
import { readRevisionFiles } from '@/lib/services/revision-files';

type RevisionRow = typeof specRevisions.$inferSelect;

/** A definition with everything it names at hand. */
export type WholeDefinition = {
  fields: ImageSpec;
  parts: DefinitionParts & { flytekitVersion: string };
  tree: ProjectTree | null;
  base: RevisionRow | null;
};

/** The columns that follow from a definition. */
export type Computed = Pick<
  RevisionRow,
  | 'definitionHash'
  | 'tag'
  | 'imageName'
  | 'flyteId'
  | 'flytekitVersion'
  | 'digests'
>;

/**
 * Reads what a definition names: the project, the base revision and the flytekit. The base stands in the fields as that revision says
 * it, whatever was sent. Throws SPEC_INVALID.
 */
export async function readDefinition(
  tx: Transaction,
  actor: Actor,
  fields: ImageSpec,
  parts: DefinitionParts,
): Promise<WholeDefinition> {
  const flytekitVersion = parts.flytekitVersion ?? (await teamFlytekit(actor));
  const base = await readBase(tx, actor, fields, parts.baseRevisionId);
  const tree =
    parts.archive === null
      ? null
      : await readArchive(actor.teamId, parts.archive);
  return {
    fields: base
      ? { ...fields, base_image: ImageSpec.parse(base.fields) }
      : fields,
    parts: { ...parts, flytekitVersion, baseRevisionId: base?.id ?? null },
    tree,
    base,
  };
}

async function readBase(
  tx: Transaction,
  actor: Actor,
  { base_image: written }: ImageSpec,
  baseRevisionId: string | null,
): Promise<RevisionRow | null> {
  if (typeof written !== 'object') return null;
  const [base] =
    baseRevisionId === null
      ? []
      : await tx
          .select()
          .from(specRevisions)
          .where(
            and(
              eq(specRevisions.id, baseRevisionId),
              eq(specRevisions.teamId, actor.teamId),
            ),
          );
  if (base) return base;
  const message = 'Choose the spec of this team that is the base.';
  throw new SpecError(message, { base_image: message });
}

/**
 * Computes tag, name, id and definition hash. The hash is of what the revision itself asks for: the team's helper images
 * and the base's digest, which may change under it, are not in it. Throws SPEC_INVALID.
 */
export async function computeRevision(
  teamId: string,
  { fields, parts, tree, base }: WholeDefinition,
): Promise<Computed> {
  const digests = digestsOf(
    fields,
    parts.requirements,
    tree ? projectDigests(fields, tree) : {},
    base ? await readDigests(teamId, base) : null,
  );
  const tag = specTag(fields, digests);
  return {
    tag,
    digests,
    imageName: imageName(fields, digests).slice(0, -tag.length - 1),
    flyteId: specId(fields),
    definitionHash: definitionHash(fields, {
      files: filesOf(fields, parts),
      flytekitVersion: parts.flytekitVersion,
      ...(tree ? { tree } : {}),
      ...(base ? { baseHash: base.definitionHash } : {}),
    }),
    flytekitVersion: parts.flytekitVersion,
  };
}

/** The digests of a saved revision; those saved before digests were kept have only requirements, which are read. */
export async function readDigests(
  teamId: string,
  row: RevisionRow,
): Promise<Digests> {
  const fields = ImageSpec.parse(row.fields);
  if (!fields.requirements || row.digests.requirements) return row.digests;
  const texts = await readRevisionFiles(teamId, row.files);
  return digestsOf(fields, texts[fields.requirements] ?? null, {}, null);
}
