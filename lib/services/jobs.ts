import 'server-only';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { JOB_KINDS, type JobKind, jobs } from '@/db/schema';
import { notify } from '@/lib/services/notify';

export type JobRow = typeof jobs.$inferSelect;
export type NewJob = {
  teamId: string;
  kind: JobKind;
  /** One pending job per kind and key. */
  key: string;
  payload: Record<string, string | number>;
  delayMs?: number;
};

/** A job whose process is gone is taken up again after this long; one that runs renews it. */
const LEASE = sql`interval '30 seconds'`;
export const RENEW_MS = 10_000;

/** Writes a job into the transaction that causes it. Asking again before it ran is asking once. */
export async function addJob(
  tx: Transaction | Database,
  job: NewJob,
): Promise<void> {
  const { delayMs = 0, ...values } = job;
  await tx
    .insert(jobs)
    .values({
      ...values,
      runAfter: sql`now() + ${delayMs} * interval '1 millisecond'`,
    })
    .onConflictDoNothing();
  await notify(tx, 'jobs');
}

/** Brings a waiting job forward to now; one that runs, or is none, is left as it is. */
export async function hastenJob(kind: JobKind, key: string): Promise<void> {
  await db()
    .update(jobs)
    .set({ runAfter: sql`least(${jobs.runAfter}, now())` })
    .where(
      and(
        eq(jobs.kind, kind),
        eq(jobs.key, key),
        sql`${jobs.finishedAt} is null and ${jobs.leaseUntil} is null`,
      ),
    );
  await notify(db(), 'jobs');
}

/** Takes one due job of these kinds, or `null`. Safe from any number of processes. */
export async function takeJob(
  kinds: readonly JobKind[] = JOB_KINDS,
): Promise<JobRow | null> {
  const due = db()
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        inArray(jobs.kind, [...kinds]),
        sql`${jobs.finishedAt} is null and ${jobs.runAfter} <= now() and (${jobs.leaseUntil} is null or ${jobs.leaseUntil} < now())`,
      ),
    )
    .orderBy(jobs.runAfter)
    .limit(1)
    .for('update', { skipLocked: true });
  const [job] = await db()
    .update(jobs)
    .set({
      leaseUntil: sql`now() + ${LEASE}`,
      attempts: sql`${jobs.attempts} + 1`,
    })
    .where(eq(jobs.id, sql`(${due})`))
    .returning();
  return job ?? null;
}

/** Keeps a job that still runs from being taken up by another process. */
export async function renewJob(id: string): Promise<void> {
  await db()
    .update(jobs)
    .set({ leaseUntil: sql`now() + ${LEASE}` })
    .where(and(eq(jobs.id, id), sql`${jobs.finishedAt} is null`));
}

/** Marks a job done. */
export async function finishJob(id: string): Promise<void> {
  await db()
    .update(jobs)
    .set({ finishedAt: sql`now()`, leaseUntil: null })
    .where(eq(jobs.id, id));
}

/** Puts a job back, to run again after `delayMs`; `error` is a text of ours. */
export async function retryJob(
  id: string,
  delayMs: number,
  error: string,
): Promise<void> {
  await db()
    .update(jobs)
    .set({
      leaseUntil: null,
      lastError: error,
      runAfter: sql`now() + ${delayMs} * interval '1 millisecond'`,
    })
    .where(and(eq(jobs.id, id), sql`${jobs.finishedAt} is null`));
}

/** Milliseconds until the next job of these kinds is due, or `null` when none waits. */
export async function nextJobDelayMs(
  kinds: readonly JobKind[] = JOB_KINDS,
): Promise<number | null> {
  const result = await db().execute<{ ms: string | null }>(
    sql`select extract(epoch from min(greatest(${jobs.runAfter}, coalesce(${jobs.leaseUntil}, ${jobs.runAfter}))) - now()) * 1000 as ms
        from ${jobs} where ${jobs.finishedAt} is null and ${inArray(jobs.kind, [...kinds])}`,
  );
  const ms = result.rows[0]?.ms;
  return ms === null || ms === undefined ? null : Math.max(0, Number(ms));
}
