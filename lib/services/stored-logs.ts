import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, builds, buildSteps } from '@/db/schema';
import { describeRemoval } from '@/lib/build/log-retention';
import type { LineView } from '@/lib/build/views';
import { AppError } from '@/lib/errors';
import type { AttemptKey, LogKey } from '@/lib/services/build-log-store';
import type { AttemptRow } from '@/lib/services/build-moves';
import { keptCount, type KeptLines } from '@/lib/services/kept-lines';
import { findRecord } from '@/lib/services/record-store';

/** The log of one attempt as it can be read. */
export type StoredLog = {
  key: LogKey;
  lineCount: number;
  /** What stayed of a removed log, and the sentence that says so; `null` while its chunks are there. */
  removed: { lines: KeptLines; note: string } | null;
  /** How many lines of a step can be read. Throws NOT_FOUND for a step that is none of it. */
  countStep: (step: string) => Promise<number> | number;
};

/**
 * The log of an attempt of a build of the team, or of a record that it imported; the current one's when none is wanted.
 * Throws NOT_FOUND.
 */
export async function findLog(
  teamId: string,
  buildId: string,
  wanted?: number,
): Promise<StoredLog> {
  const [build] = await db()
    .select({ currentAttempt: builds.currentAttempt })
    .from(builds)
    .where(and(eq(builds.id, buildId), eq(builds.teamId, teamId)));
  if (!build) return findRecordLog(teamId, buildId, wanted);
  const key = { buildId, attempt: wanted ?? build.currentAttempt };
  const [row] = await db()
    .select()
    .from(buildAttempts)
    .where(
      and(
        eq(buildAttempts.buildId, key.buildId),
        eq(buildAttempts.attempt, key.attempt),
      ),
    );
  if (!row && wanted !== undefined)
    throw new AppError('NOT_FOUND', 'There is no such attempt.');
  const removed = row ? readRemoved(row) : null;
  return {
    key,
    lineCount: row?.lineCount ?? 0,
    removed,
    countStep: async (step) => {
      const count = await countStep(key, step);
      return removed ? keptCount(removed.lines, step) : count;
    },
  };
}

async function findRecordLog(
  teamId: string,
  recordId: string,
  wanted?: number,
): Promise<StoredLog> {
  const { record } = await findRecord(teamId, recordId);
  const attempt = wanted ?? record.build.attempt;
  const key: LogKey = { buildId: recordId, attempt, isRecord: true };
  const row = record.attempts.find((one) => one.attempt === attempt);
  if (!row && wanted !== undefined)
    throw new AppError('NOT_FOUND', 'There is no such attempt.');
  const removed = row?.removal
    ? { lines: row.lastLines, note: describeRemoval(row.removal) }
    : null;
  return {
    key,
    lineCount: row?.lines ?? 0,
    removed,
    countStep: (step) => {
      const found = row?.steps.find(({ key }) => key === step);
      if (!found) throw new AppError('NOT_FOUND', 'There is no such step.');
      return removed ? keptCount(removed.lines, step) : found.lines;
    },
  };
}

/** What stayed of an attempt's log, when it was removed. */
export function readRemoved({
  logRemoval,
  lastLines,
}: Pick<AttemptRow, 'logRemoval' | 'lastLines'>): StoredLog['removed'] {
  if (!logRemoval) return null;
  return {
    lines: lastLines === null ? [] : (JSON.parse(lastLines) as LineView[]),
    note: describeRemoval(logRemoval),
  };
}

async function countStep(
  { buildId, attempt }: AttemptKey,
  step: string,
): Promise<number> {
  const [row] = await db()
    .select({ lineCount: buildSteps.lineCount })
    .from(buildSteps)
    .where(
      and(
        eq(buildSteps.buildId, buildId),
        eq(buildSteps.attempt, attempt),
        eq(buildSteps.key, step),
      ),
    );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such step.');
  return row.lineCount;
}
