import 'server-only';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { repositorySyncs } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { RepositoryId } from '@/lib/registry/forms';
import type { SyncView } from '@/lib/registry/inventory-views';
import {
  NO_FAILURE,
  type StoredFailure,
  toFailureView,
} from '@/lib/services/failures';
import { addJob, hastenJob } from '@/lib/services/jobs';
import type { RepositoryRow } from '@/lib/services/repositories';
import type { SyncOutcome, SyncProgress } from '@/lib/services/repository-sync';
import { requireRepository } from '@/lib/services/tags';

type SyncRow = typeof repositorySyncs.$inferSelect;
const UNDER_WAY = ['waiting', 'running'] as const;

/** Asks for a repository to be read now. Asking while that is under way is asking once. */
export async function requestSync(
  actor: Actor,
  { repositoryId }: RepositoryId,
): Promise<void> {
  const repository = await requireRepository(actor, repositoryId);
  await db().transaction((tx) => addSync(tx, repository, actor.userId));
  await hastenJob('sync_repository', repository.id);
}

/** Writes a sync down and the job that does it. */
export async function addSync(
  tx: Transaction | Database,
  repository: Pick<RepositoryRow, 'id' | 'teamId'>,
  requestedBy: string | null,
  delayMs = 0,
): Promise<void> {
  const fresh = {
    state: 'waiting' as const,
    phase: 'tags' as const,
    doneCount: 0,
    totalCount: 0,
    requestedBy,
    requestedAt: sql`now()`,
    startedAt: null,
    cancelledAt: null,
    ...NO_FAILURE,
  };
  await tx
    .insert(repositorySyncs)
    .values({ repositoryId: repository.id, ...fresh })
    .onConflictDoUpdate({
      target: repositorySyncs.repositoryId,
      set: fresh,
      setWhere: sql`${repositorySyncs.state} not in ('waiting', 'running')`,
    });
  await addJob(tx, {
    teamId: repository.teamId,
    kind: 'sync_repository',
    key: repository.id,
    payload: { repositoryId: repository.id },
    delayMs,
  });
}

/** Asks a sync to stop; it does so within a few seconds, and what it has read stays. Nothing to stop is no failure. */
export async function cancelSync(
  actor: Actor,
  { repositoryId }: RepositoryId,
): Promise<void> {
  await requireRepository(actor, repositoryId);
  await db()
    .update(repositorySyncs)
    .set({ cancelledAt: sql`now()` })
    .where(isUnderWay(repositoryId));
}

const isUnderWay = (repositoryId: string) =>
  and(
    eq(repositorySyncs.repositoryId, repositoryId),
    inArray(repositorySyncs.state, [...UNDER_WAY]),
  );

/** Begins a sync, or takes one up again whose process was killed: that one keeps its start. Null when it was cancelled. */
export async function beginSync(
  repositoryId: string,
): Promise<{ startedAt: Date } | null> {
  const [row] = await db()
    .update(repositorySyncs)
    .set({
      state: 'running',
      startedAt: sql`coalesce(${repositorySyncs.startedAt}, now())`,
      addedCount: sql`case when ${repositorySyncs.startedAt} is null then 0 else ${repositorySyncs.addedCount} end`,
      ...NO_FAILURE,
    })
    .where(isUnderWay(repositoryId))
    .returning();
  if (!row?.startedAt) return null;
  if (row.cancelledAt) {
    await endSync(repositoryId, { state: 'cancelled' });
    return null;
  }
  return { startedAt: row.startedAt };
}

/** Says how far a sync has come. */
export async function tellSync(
  repositoryId: string,
  { phase, done, total }: SyncProgress,
): Promise<void> {
  await db()
    .update(repositorySyncs)
    .set({ phase, doneCount: done, totalCount: total })
    .where(isUnderWay(repositoryId));
}

/** Whether somebody asked it to stop. */
export async function isSyncCancelled(repositoryId: string): Promise<boolean> {
  const [row] = await db()
    .select({ cancelledAt: repositorySyncs.cancelledAt })
    .from(repositorySyncs)
    .where(eq(repositorySyncs.repositoryId, repositoryId));
  return row?.cancelledAt != null;
}

type End =
  | { state: 'cancelled' }
  | { state: 'done'; outcome: SyncOutcome }
  /** `waiting` when the registry asked to come back later: it goes on from where it was. */
  | { state: 'failed' | 'waiting'; failure: StoredFailure };

/** Writes down how a sync ended. */
export async function endSync(repositoryId: string, end: End): Promise<void> {
  await db()
    .update(repositorySyncs)
    .set({
      state: end.state,
      ...(end.state === 'waiting' ? {} : { finishedAt: sql`now()` }),
      ...(end.state === 'done'
        ? {
            syncedAt: sql`now()`,
            addedCount: end.outcome.added,
            note: end.outcome.note,
          }
        : {}),
      ...('failure' in end ? end.failure : {}),
    })
    .where(isUnderWay(repositoryId));
}

export function toSyncView(row: SyncRow): SyncView {
  return {
    state: row.state,
    phase: row.phase,
    done: row.doneCount,
    total: row.totalCount,
    added: row.addedCount,
    note: row.note,
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    syncedAt: row.syncedAt?.toISOString() ?? null,
    failure: toFailureView(row),
  };
}
