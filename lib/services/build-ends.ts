import 'server-only';
import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { buildAttempts, builds } from '@/db/schema';
import type { Failure } from '@/lib/build/protocol';
import {
  type AttemptOutcome,
  isLeased,
  LEASED_STATES,
} from '@/lib/build/state';
import {
  type AttemptRow,
  type BuildRow,
  moveBuild,
} from '@/lib/services/build-moves';
import { addJob } from '@/lib/services/jobs';

type AttemptKey = { buildId: string; attempt: number };

/** A build is tried again once when its worker went away. */
const MAX_ATTEMPTS = 2;

/** Ends attempt and build together with the same outcome. */
export async function endAttempt(
  tx: Transaction,
  build: BuildRow,
  outcome: Exclude<AttemptOutcome, 'published'>,
  failure: Failure | null,
): Promise<void> {
  await tx
    .update(buildAttempts)
    .set({
      outcome,
      failureCode: failure?.code ?? null,
      finishedAt: sql`now()`,
    })
    .where(
      and(
        eq(buildAttempts.buildId, build.id),
        eq(buildAttempts.attempt, build.currentAttempt),
      ),
    );
  await moveBuild(tx, build, outcome, {
    failureCode: failure?.code ?? null,
    failureMessage: failure?.message ?? null,
    failureStep: failure?.step ?? null,
    failureExitCode: failure?.exitCode ?? null,
  });
}

/**
 * Ends an attempt whose worker went away. The build goes back to the queue once, unless a push had begun: then nobody
 * knows what the registry holds, and it ends `lost`. A build being cancelled ends cancelled, as was asked.
 */
export async function loseAttempt(
  tx: Transaction,
  build: BuildRow,
  attempt: AttemptRow,
): Promise<void> {
  if (build.state === 'cancelling')
    return endAttempt(tx, build, 'cancelled', null);
  if (attempt.pushBegan || attempt.attempt >= MAX_ATTEMPTS) {
    const message = attempt.pushBegan
      ? 'The worker went away while it pushed; nobody knows what the registry holds.'
      : 'The worker went away twice.';
    return endAttempt(tx, build, 'lost', {
      code: 'WORKER_LOST',
      message,
      step: null,
      exitCode: null,
    });
  }
  await tx
    .update(buildAttempts)
    .set({
      outcome: 'lost',
      failureCode: 'WORKER_LOST',
      finishedAt: sql`now()`,
    })
    .where(
      and(
        eq(buildAttempts.buildId, build.id),
        eq(buildAttempts.attempt, attempt.attempt),
      ),
    );
  await moveBuild(tx, build, 'queued');
}

const isExpired = sql`${buildAttempts.leaseUntil} < now()`;

/** Ends every attempt whose lease ran out by the database's clock. Gives how many. */
export async function endExpiredLeases(): Promise<number> {
  const expired = await db()
    .select({ buildId: buildAttempts.buildId, attempt: buildAttempts.attempt })
    .from(buildAttempts)
    .innerJoin(
      builds,
      and(
        eq(builds.id, buildAttempts.buildId),
        eq(builds.currentAttempt, buildAttempts.attempt),
      ),
    )
    .where(
      and(
        isNull(buildAttempts.outcome),
        isExpired,
        inArray(builds.state, LEASED_STATES),
      ),
    );
  for (const key of expired)
    await db().transaction((tx) => loseIf(tx, key, isExpired));
  return expired.length;
}

/** Loses what a worker holds, because it may not go on. */
export async function loseHeld(
  tx: Transaction,
  workerId: string,
): Promise<void> {
  const held = await tx
    .select({ buildId: buildAttempts.buildId, attempt: buildAttempts.attempt })
    .from(buildAttempts)
    .where(
      and(eq(buildAttempts.workerId, workerId), isNull(buildAttempts.outcome)),
    );
  for (const key of held) await loseIf(tx, key, undefined);
}

/** Loses an attempt that a worker still holds and that is as `where` says, by now. */
async function loseIf(
  tx: Transaction,
  key: AttemptKey,
  where: SQL | undefined,
): Promise<void> {
  const [build] = await tx
    .select()
    .from(builds)
    .where(eq(builds.id, key.buildId))
    .for('update');
  const [attempt] = await tx
    .select()
    .from(buildAttempts)
    .where(
      and(
        eq(buildAttempts.buildId, key.buildId),
        eq(buildAttempts.attempt, key.attempt),
        isNull(buildAttempts.outcome),
        where,
      ),
    )
    .for('update');
  if (
    !build ||
    !attempt ||
    build.currentAttempt !== key.attempt ||
    !isLeased(build.state)
  )
    return;
  await loseAttempt(tx, build, attempt);
  await addJob(tx, {
    teamId: build.teamId,
    kind: 'merge_log',
    key: `${key.buildId}:${key.attempt}`,
    payload: key,
  });
}
