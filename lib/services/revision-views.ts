import 'server-only';
import { and, desc, eq, lt } from 'drizzle-orm';
import { db } from '@/db';
import { imageSpecs, specRevisions, users } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { changedFields, type Definition } from '@/lib/imagespec/changes';
import { partsOf } from '@/lib/imagespec/definition';
import { ImageSpec } from '@/lib/imagespec/schema';
import type { RevisionItemView, RevisionView } from '@/lib/imagespec/views';
import { listArchive } from '@/lib/services/archives';
import { readRevisionFiles } from '@/lib/services/revision-files';

type Row = typeof specRevisions.$inferSelect;

/** One revision as it was asked for, its requirements text too. Throws NOT_FOUND, for another team's too. */
export async function getRevision(
  actor: Actor,
  { specId, number }: { specId: string; number: number },
): Promise<RevisionView> {
  const [row] = await db()
    .select({ revision: specRevisions, author: users.name })
    .from(specRevisions)
    .leftJoin(users, eq(users.id, specRevisions.authorId))
    .where(
      and(
        eq(specRevisions.specId, specId),
        eq(specRevisions.teamId, actor.teamId),
        eq(specRevisions.number, number),
      ),
    );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such revision.');
  const { revision } = row;
  const fields = ImageSpec.parse(revision.fields);
  const texts = await readRevisionFiles(actor.teamId, revision.files);
  return {
    ...toItem(revision, row.author),
    specId,
    fields,
    ...partsOf(fields, texts),
    archive: revision.archive,
    archiveFiles: revision.archive
      ? await listArchive(actor.teamId, revision.archive)
      : [],
    secretNames: revision.secretNames,
    baseRevisionId: revision.baseRevisionId,
    base: await readBase(revision.baseRevisionId),
    baseFiles: await readBaseFiles(actor.teamId, revision.baseRevisionId),
    digests: revision.digests,
    definitionHash: revision.definitionHash,
    flyteId: revision.flyteId,
    flytekitVersion: revision.flytekitVersion,
  };
}

async function readBase(
  baseRevisionId: string | null,
): Promise<RevisionView['base']> {
  if (baseRevisionId === null) return null;
  const [row] = await db()
    .select({
      specId: imageSpecs.id,
      name: imageSpecs.name,
      revision: specRevisions.number,
      newest: imageSpecs.currentRevision,
    })
    .from(specRevisions)
    .innerJoin(imageSpecs, eq(imageSpecs.id, specRevisions.specId))
    .where(eq(specRevisions.id, baseRevisionId));
  return row ?? null;
}

/** The files of the base, of that one's base, and so on: each revision stands on one that was saved before it. */
async function readBaseFiles(
  teamId: string,
  baseRevisionId: string | null,
): Promise<RevisionView['baseFiles']> {
  if (baseRevisionId === null) return [];
  const [base] = await db()
    .select({
      files: specRevisions.files,
      baseRevisionId: specRevisions.baseRevisionId,
    })
    .from(specRevisions)
    .where(
      and(
        eq(specRevisions.id, baseRevisionId),
        eq(specRevisions.teamId, teamId),
      ),
    );
  if (!base) return [];
  return [
    await readRevisionFiles(teamId, base.files),
    ...(await readBaseFiles(teamId, base.baseRevisionId)),
  ];
}

/** Revisions of a spec, newest first, each with what it changed. Throws NOT_FOUND. */
export async function listRevisions(
  actor: Actor,
  {
    specId,
    before,
    limit = 50,
  }: { specId: string; before?: number | undefined; limit?: number },
): Promise<{ items: RevisionItemView[]; next: number | null }> {
  const [spec] = await db()
    .select({ id: imageSpecs.id })
    .from(imageSpecs)
    .where(and(eq(imageSpecs.id, specId), eq(imageSpecs.teamId, actor.teamId)));
  if (!spec) throw new AppError('NOT_FOUND', 'There is no such spec.');
  // One more than shown: what a revision changed is told against the one before it.
  const rows = await db()
    .select({ revision: specRevisions, author: users.name })
    .from(specRevisions)
    .leftJoin(users, eq(users.id, specRevisions.authorId))
    .where(
      and(
        eq(specRevisions.specId, specId),
        before === undefined ? undefined : lt(specRevisions.number, before),
      ),
    )
    .orderBy(desc(specRevisions.number))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(({ revision, author }, index) => {
    const earlier = rows[index + 1]?.revision;
    const changes = earlier
      ? changedFields(toDefinition(earlier), toDefinition(revision))
      : null;
    return { ...toItem(revision, author), changes };
  });
  const next = rows.length > limit ? (items.at(-1)?.number ?? null) : null;
  return { items, next };
}

/** The digest of the requirements text stands for it: two are the same text only when their digests are. */
function toDefinition(row: Row): Definition {
  const fields = ImageSpec.parse(row.fields);
  return {
    fields,
    ...partsOf(fields, row.files),
    archive: row.archive,
    flytekitVersion: row.flytekitVersion,
  };
}

function toItem(
  row: Row,
  author: string | null,
): Omit<RevisionItemView, 'changes'> {
  return {
    id: row.id,
    number: row.number,
    imageName: row.imageName,
    tag: row.tag,
    message: row.message,
    origin: row.origin,
    author,
    createdAt: row.createdAt.toISOString(),
  };
}
