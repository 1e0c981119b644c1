import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { repositories, tagMoves, tags } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { isInUse } from '@/lib/services/in-use';
import { hastenSweep } from '@/lib/services/access-jobs';
import { makeDue } from '@/lib/services/access-watches';
import { addJob } from '@/lib/services/jobs';
import { markParts } from '@/lib/services/manifest-presence';
import type { RepositoryRow } from '@/lib/services/repositories';
import { tellMove } from '@/lib/services/tag-move-alerts';

/**
 * Writes down what a tag points to now, `null` for nothing. The one verb that moves a tag: a move is a row of its own,
 * and every task that floats on the tag follows by this one write. What a tag in use points to now is watched at once;
 * its move is an alert, unless it is `isOurs`: a build of this installation that was meant to move it.
 */
export async function observeTag(
  tx: Transaction,
  repository: RepositoryRow,
  name: string,
  digest: string | null,
  { isOurs = false }: { isOurs?: boolean } = {},
): Promise<{ hasMoved: boolean }> {
  const repositoryId = repository.id;
  await tx.insert(tags).values({ repositoryId, name }).onConflictDoNothing();
  const place = and(eq(tags.repositoryId, repositoryId), eq(tags.name, name));
  const [known] = await tx.select().from(tags).where(place).for('update');
  const from = known?.currentDigest ?? null;
  await tx
    .update(tags)
    .set({ currentDigest: digest, checkedAt: sql`now()` })
    .where(place);
  if (from === digest) return { hasMoved: false };
  await tx
    .insert(tagMoves)
    .values({ repositoryId, tag: name, fromDigest: from, toDigest: digest });
  const moved = [from, digest].filter((one) => one !== null);
  await markParts(tx, repositoryId, moved);
  const isUsed = await isInUse(tx, repositoryId, `:${name}`);
  if (isUsed) await followMove(tx, repository, name);
  const move = { tag: name, from, to: digest, isOurs, isInUse: isUsed };
  await tellMove(tx, repository, move);
  return { hasMoved: true };
}

/** What a tag in use points to now is watched and looked at soon. */
async function followMove(
  tx: Transaction,
  { id, teamId }: RepositoryRow,
  name: string,
): Promise<void> {
  await makeDue(tx, id, `:${name}`);
  await hastenSweep(tx, teamId);
}

/** Makes sure a tag is known, so that the next look at its repository is also one at it. */
export async function knowTag(
  tx: Transaction,
  repositoryId: string,
  name: string,
): Promise<void> {
  await tx.insert(tags).values({ repositoryId, name }).onConflictDoNothing();
}

/** Asks for what a digest of a repository holds to be read into the inventory, soon. */
export async function addImageRead(
  tx: Transaction | Database,
  repository: Pick<RepositoryRow, 'id' | 'teamId'>,
  digest: string,
): Promise<void> {
  await addJob(tx, {
    teamId: repository.teamId,
    kind: 'read_image',
    key: `${repository.id}@${digest}`,
    payload: { repositoryId: repository.id, digest },
  });
}

/** A repository of the actor's team. Throws NOT_FOUND. */
export async function requireRepository(
  actor: Actor,
  repositoryId: string,
): Promise<RepositoryRow> {
  const [repository] = await db()
    .select()
    .from(repositories)
    .where(
      and(
        eq(repositories.id, repositoryId),
        eq(repositories.teamId, actor.teamId),
      ),
    );
  if (!repository)
    throw new AppError('NOT_FOUND', 'There is no such repository.');
  return repository;
}
