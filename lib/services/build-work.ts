import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { buildAttempts, builds, specRevisions } from '@/db/schema';
import { describeMinutes } from '@/lib/build/limits';
import {
  type Finish,
  type HeartbeatAnswer,
  LONG_POLL_MS,
} from '@/lib/build/protocol';
import type { Redactor } from '@/lib/build/redact';
import { isLeased } from '@/lib/build/state';
import { AppError } from '@/lib/errors';
import { forgetSecrets, redactorOf } from '@/lib/services/attempt-redactors';
import { readArchiveBytes } from '@/lib/services/archives';
import { leaseEnd } from '@/lib/services/build-claim';
import { endAttempt, loseAttempt } from '@/lib/services/build-ends';
import { checksumEvents } from '@/lib/services/build-log-store';
import {
  type AttemptRow,
  type BuildRow,
  moveBuild,
} from '@/lib/services/build-moves';
import { addJob } from '@/lib/services/jobs';
import { waiter } from '@/lib/services/notify';
import type { WorkerActor } from '@/lib/services/worker-auth';

export type AttemptKey = { buildId: string; attempt: number };

/**
 * Locks the attempt a worker speaks of, and its build. Throws ATTEMPT_STALE when it is not that worker's, has ended or
 * was followed by another, so that a late attempt never writes over a newer one.
 */
export async function lockAttempt(
  tx: Transaction,
  worker: WorkerActor,
  key: AttemptKey,
): Promise<{ build: BuildRow; attempt: AttemptRow }> {
  const [build] = await tx
    .select()
    .from(builds)
    .where(and(eq(builds.id, key.buildId), eq(builds.teamId, worker.teamId)))
    .for('update');
  const [attempt] = await tx
    .select()
    .from(buildAttempts)
    .where(
      and(
        eq(buildAttempts.buildId, key.buildId),
        eq(buildAttempts.attempt, key.attempt),
      ),
    )
    .for('update');
  const isCurrent =
    build !== undefined &&
    attempt?.workerId === worker.workerId &&
    attempt.outcome === null &&
    build.currentAttempt === key.attempt &&
    isLeased(build.state);
  if (!isCurrent) throw new AppError('ATTEMPT_STALE', 'This attempt is over.');
  return { build, attempt };
}

/** Renews the lease and waits up to 25 s for something the worker must know; `cancel` and `stop` answer at once. */
export async function heartbeat(
  worker: WorkerActor,
  key: AttemptKey,
  signal: AbortSignal,
): Promise<HeartbeatAnswer> {
  const deadline = Date.now() + LONG_POLL_MS;
  const wait = waiter(`build:${key.buildId}`, signal);
  try {
    for (;;) {
      const desired = await readDesired(worker, key);
      const left = deadline - Date.now();
      if (desired !== 'run' || left <= 0 || signal.aborted) return { desired };
      await wait.next(left);
    }
  } finally {
    wait.close();
  }
}

async function readDesired(
  worker: WorkerActor,
  key: AttemptKey,
): Promise<HeartbeatAnswer['desired']> {
  try {
    return await db().transaction(async (tx) => {
      const { build } = await lockAttempt(tx, worker, key);
      await renewLease(tx, key);
      return build.state === 'cancelling' ? 'cancel' : 'run';
    });
  } catch (error) {
    if (error instanceof AppError && error.code === 'ATTEMPT_STALE')
      return 'stop';
    throw error;
  }
}

async function renewLease(tx: Transaction, key: AttemptKey): Promise<void> {
  await tx
    .update(buildAttempts)
    .set({ leaseUntil: leaseEnd })
    .where(
      and(
        eq(buildAttempts.buildId, key.buildId),
        eq(buildAttempts.attempt, key.attempt),
      ),
    );
}

/** The packed project folder that the attempt's image copies from. Throws NOT_FOUND when it copies none. */
export async function readAttemptArchive(
  worker: WorkerActor,
  key: AttemptKey,
): Promise<Buffer> {
  const archive = await db().transaction(async (tx) => {
    const { build } = await lockAttempt(tx, worker, key);
    const [revision] = await tx
      .select({ archive: specRevisions.archive })
      .from(specRevisions)
      .where(eq(specRevisions.id, build.revisionId));
    return revision?.archive ?? null;
  });
  if (archive === null)
    throw new AppError('NOT_FOUND', 'This build copies no project.');
  return readArchiveBytes(worker.teamId, archive);
}

export type FinishAnswer =
  { isAccepted: true } | { isAccepted: false; nextSeq: number };

/**
 * Ends an attempt, once every event it counts is stored; until then answers the next number wanted. A pushed digest
 * makes the build `verifying`: it is published only when read back. Finishing twice throws ATTEMPT_STALE.
 */
export async function finishAttempt(
  worker: WorkerActor,
  key: AttemptKey,
  finish: Finish,
): Promise<FinishAnswer> {
  const result = hideInResult(finish.result, await redactorOf(worker, key));
  const answer = await db().transaction(async (tx): Promise<FinishAnswer> => {
    const { build, attempt } = await lockAttempt(tx, worker, key);
    if (attempt.nextSeq !== finish.lastSeq + 1)
      return { isAccepted: false, nextSeq: attempt.nextSeq };
    const isLogIntact = (await checksumEvents(tx, key)) === finish.checksum;
    await tx
      .update(buildAttempts)
      .set({ isLogIntact })
      .where(
        and(
          eq(buildAttempts.buildId, key.buildId),
          eq(buildAttempts.attempt, key.attempt),
        ),
      );
    await applyResult(tx, build, attempt, result);
    await addJob(tx, {
      teamId: build.teamId,
      kind: 'merge_log',
      key: `${key.buildId}:${key.attempt}`,
      payload: key,
    });
    return { isAccepted: true };
  });
  if (answer.isAccepted) forgetSecrets(key);
  return answer;
}

function hideInResult(
  result: Finish['result'],
  redactor: Redactor,
): Finish['result'] {
  if (result.outcome !== 'failed') return result;
  const { failure } = result;
  return {
    ...result,
    failure: { ...failure, message: redactor.hide(failure.message) },
  };
}

async function applyResult(
  tx: Transaction,
  build: BuildRow,
  attempt: AttemptRow,
  result: Finish['result'],
) {
  switch (result.outcome) {
    case 'pushed':
      return startVerifying(tx, build, attempt, result);
    case 'failed':
      return endAttempt(tx, build, 'failed', result.failure);
    case 'timed_out': {
      const message =
        result.limit === 'idle'
          ? `Nothing was printed for ${describeMinutes(build.idleMinutes)}.`
          : `The build took longer than its limit of ${describeMinutes(build.totalMinutes)}.`;
      return endAttempt(tx, build, 'timed_out', {
        code: 'BUILD_TIMED_OUT',
        message,
        step: result.step,
        exitCode: null,
      });
    }
    case 'cancelled':
      // A worker that was shut down says so too; only a person's cancel makes the build cancelled.
      return build.state === 'cancelling'
        ? endAttempt(tx, build, 'cancelled', null)
        : loseAttempt(tx, build, attempt);
    case 'abandoned':
      return loseAttempt(tx, build, attempt);
  }
}

async function startVerifying(
  tx: Transaction,
  build: BuildRow,
  attempt: AttemptRow,
  result: Extract<Finish['result'], { outcome: 'pushed' }>,
): Promise<void> {
  await tx
    .update(buildAttempts)
    .set({ workerReadBack: result.readBack })
    .where(
      and(
        eq(buildAttempts.buildId, build.id),
        eq(buildAttempts.attempt, attempt.attempt),
      ),
    );
  await moveBuild(tx, build, 'verifying', { digest: result.digest });
  await addJob(tx, {
    teamId: build.teamId,
    kind: 'verify_build',
    key: build.id,
    payload: { buildId: build.id },
  });
}
