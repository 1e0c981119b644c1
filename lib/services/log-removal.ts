import 'server-only';
import {
  and,
  asc,
  eq,
  gt,
  inArray,
  isNull,
  type SQL,
  sql,
  sum,
} from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, buildLogChunks, builds, buildSteps } from '@/db/schema';
import { GIGABYTE, type LogRemoval } from '@/lib/build/log-retention';
import { BUILD_STATES, isMoving } from '@/lib/build/state';
import { findStepLines } from '@/lib/services/build-lines';
import { type AttemptKey, ofAttempt } from '@/lib/services/build-log-store';
import { readLogRetention } from '@/lib/services/settings';

/** Logs looked at in one query; each is removed in a transaction of its own, so that nobody waits long for a lock. */
const BATCH = 100;
/** What a failure shows of its step. */
const LAST_LINES = 20;
const OVER = BUILD_STATES.filter((state) => !isMoving(state));

type Limit = { by: 'age'; days: number } | { by: 'size'; gigabytes: number };

/** Logs of the team that may go: of builds that are over and that nobody keeps. */
const mayGo = (teamId: string) =>
  and(
    gt(buildAttempts.logBytes, 0),
    eq(builds.teamId, teamId),
    inArray(builds.state, OVER),
    isNull(builds.keptAt),
  );

/**
 * Removes logs past the team's limits, the oldest first: the chunks of ended builds, never a fact of them. Of the step that
 * failed the last lines stay.
 */
export async function pruneLogs(teamId: string): Promise<void> {
  const { days, gigabytes } = await readLogRetention(teamId);
  if (days !== null) {
    const isOld = sql`${builds.finishedAt} < now() - ${days} * interval '1 day'`;
    for (;;) {
      const logs = await oldestLogs(teamId, isOld);
      for (const { key } of logs) await removeLog(key, { by: 'age', days });
      if (logs.length < BATCH) break;
    }
  }
  if (gigabytes === null) return;
  let excess = (await sumOfLogs(teamId)) - gigabytes * GIGABYTE;
  while (excess > 0) {
    const logs = await oldestLogs(teamId);
    for (const { key, bytes } of logs) {
      if (excess <= 0) return;
      if (await removeLog(key, { by: 'size', gigabytes })) excess -= bytes;
    }
    if (logs.length < BATCH) return;
  }
}

/** What the logs of a team take; `where` narrows the builds down. */
export async function sumOfLogs(teamId: string, where?: SQL): Promise<number> {
  const [row] = await db()
    .select({ bytes: sum(buildAttempts.logBytes).mapWith(Number) })
    .from(buildAttempts)
    .innerJoin(builds, eq(builds.id, buildAttempts.buildId))
    .where(
      and(gt(buildAttempts.logBytes, 0), eq(builds.teamId, teamId), where),
    );
  return row?.bytes ?? 0;
}

async function oldestLogs(teamId: string, where?: SQL) {
  return db()
    .select({
      key: { buildId: buildAttempts.buildId, attempt: buildAttempts.attempt },
      bytes: buildAttempts.logBytes,
    })
    .from(buildAttempts)
    .innerJoin(builds, eq(builds.id, buildAttempts.buildId))
    .where(and(mayGo(teamId), where))
    .orderBy(asc(buildAttempts.buildId), asc(buildAttempts.attempt))
    .limit(BATCH);
}

/** Gives whether it did: somebody may have decided to keep it in the meantime. */
async function removeLog(key: AttemptKey, limit: Limit): Promise<boolean> {
  const lastLines = await readLastLines(key);
  const at = new Date().toISOString();
  const logRemoval: LogRemoval = { version: 1, at, ...limit };
  return db().transaction(async (tx) => {
    const [build] = await tx
      .select({ keptAt: builds.keptAt })
      .from(builds)
      .where(eq(builds.id, key.buildId))
      .for('no key update');
    if (!build || build.keptAt !== null) return false;
    await tx
      .update(buildAttempts)
      .set({ logBytes: 0, logRemoval, lastLines })
      .where(
        and(
          eq(buildAttempts.buildId, key.buildId),
          eq(buildAttempts.attempt, key.attempt),
        ),
      );
    await tx.delete(buildLogChunks).where(ofAttempt(key));
    return true;
  });
}

async function readLastLines(key: AttemptKey): Promise<string | null> {
  const [step] = await db()
    .select({ key: buildSteps.key, lines: buildSteps.lineCount })
    .from(buildSteps)
    .innerJoin(builds, eq(builds.id, buildSteps.buildId))
    .where(
      and(
        eq(buildSteps.buildId, key.buildId),
        eq(buildSteps.attempt, key.attempt),
        gt(buildSteps.lineCount, 0),
        sql`(${buildSteps.state} = 'failed' or (${buildSteps.key} = ${builds.failureStep} and ${buildSteps.attempt} = ${builds.currentAttempt}))`,
      ),
    )
    .orderBy(
      sql`${buildSteps.key} is distinct from ${builds.failureStep}`,
      asc(buildSteps.position),
    )
    .limit(1);
  if (!step) return null;
  const from = Math.max(1, step.lines - LAST_LINES + 1);
  return JSON.stringify(await findStepLines(key, step.key, from, LAST_LINES));
}
