import 'server-only';
import { and, eq, ne, sql } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { accessWatches } from '@/db/schema';

export type WatchRow = typeof accessWatches.$inferSelect;

/** A look whose process is gone is taken up again after this long. */
const TAKEN = sql`interval '10 minutes'`;

/** The query that finds what is due, for `takeDue` and for the test that reads its plan. */
export function dueWatches(
  tx: Transaction | Database,
  teamId: string,
  limit: number,
) {
  return tx
    .select()
    .from(accessWatches)
    .where(
      and(
        eq(accessWatches.teamId, teamId),
        sql`${accessWatches.dueAt} <= now()`,
      ),
    )
    .orderBy(accessWatches.dueAt)
    .limit(limit);
}

/** Takes what is due, longest due first. What is taken and never looked at, because the process died, comes up again. */
export async function takeDue(
  teamId: string,
  limit: number,
): Promise<WatchRow[]> {
  return db().transaction(async (tx) => {
    const due = await dueWatches(tx, teamId, limit).for('update', {
      skipLocked: true,
    });
    for (const row of due)
      await tx
        .update(accessWatches)
        .set({ dueAt: sql`now() + ${TAKEN}` })
        .where(isRow(row));
    return due;
  });
}

/** Sets when a reference is looked at next. */
export async function postpone(row: WatchRow, ms: number): Promise<void> {
  await db()
    .update(accessWatches)
    .set({ dueAt: sql`now() + ${ms} * interval '1 millisecond'` })
    .where(isRow(row));
}

/** Who can pull a reference is looked at again now. */
export async function makeDue(
  tx: Transaction,
  repositoryId: string,
  reference: string,
): Promise<void> {
  await tx
    .update(accessWatches)
    .set({ dueAt: sql`least(${accessWatches.dueAt}, now())` })
    .where(
      and(
        eq(accessWatches.repositoryId, repositoryId),
        eq(accessWatches.reference, reference),
        ne(accessWatches.platform, ''),
      ),
    );
}

/** Milliseconds until something is due; null when nothing is watched. */
export async function nextDueMs(teamId: string): Promise<number | null> {
  const [row] = await db()
    .select({
      ms: sql<string>`extract(epoch from ${accessWatches.dueAt} - now()) * 1000`,
    })
    .from(accessWatches)
    .where(eq(accessWatches.teamId, teamId))
    .orderBy(accessWatches.dueAt)
    .limit(1);
  return row ? Math.max(0, Number(row.ms)) : null;
}

function isRow({ repositoryId, reference, platform }: WatchRow) {
  return and(
    eq(accessWatches.repositoryId, repositoryId),
    eq(accessWatches.reference, reference),
    eq(accessWatches.platform, platform),
  );
}
