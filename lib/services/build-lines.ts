import 'server-only';
import type { Actor } from '@/lib/auth';
import type {
  LinePlace,
  LineSearchView,
  LinesView,
  LineView,
} from '@/lib/build/views';
import { AppError } from '@/lib/errors';
import { indexLog } from '@/lib/services/build-log-index';
import { type LogSearch, searchLog } from '@/lib/services/build-log-search';
import { type LineRange, streamLines } from '@/lib/services/build-log-lines';
import type { LogKey } from '@/lib/services/build-log-store';
import {
  keptInRange,
  keptOfStep,
  locateKept,
  searchKept,
} from '@/lib/services/kept-lines';
import { findLog, type StoredLog } from '@/lib/services/stored-logs';

export type LinesQuery = {
  /** The current one when left out. */
  attempt?: number | undefined;
  /** First line wanted, from 1: by its number, or with `step` by its place in the step. */
  from: number;
  limit: number;
  step?: string | undefined;
};

/** A range of an attempt's lines, or of one step's. Throws NOT_FOUND. */
export async function listLines(
  actor: Actor,
  buildId: string,
  { attempt, from, limit, step }: LinesQuery,
): Promise<LinesView> {
  const log = await findLog(actor.teamId, buildId, attempt);
  const { key, lineCount } = log;
  if (step === undefined) {
    const lines: LineView[] = [];
    const range = { from, to: from + limit - 1 };
    for await (const line of linesOf(log, range)) lines.push(line);
    return { attempt: key.attempt, lines, total: lineCount };
  }
  const total = await log.countStep(step);
  const lines = from > total ? [] : await readStepLines(log, step, from, limit);
  return { attempt: key.attempt, lines, total };
}

async function* linesOf(
  { key, removed }: StoredLog,
  range: LineRange,
): AsyncGenerator<LineView> {
  if (removed) yield* keptInRange(removed.lines, range);
  else yield* streamLines(key, range);
}

/** Lines of one step from its `from`th on, by their place in it. */
async function readStepLines(
  { key, removed }: StoredLog,
  step: string,
  from: number,
  limit: number,
): Promise<LineView[]> {
  return removed
    ? keptOfStep(removed.lines, step, from, limit)
    : findStepLines(key, step, from, limit);
}

/** As `readStepLines`, of a log whose chunks are there. What other steps printed meanwhile is not read. */
export async function findStepLines(
  key: LogKey,
  step: string,
  from: number,
  limit: number,
): Promise<LineView[]> {
  const lines: LineView[] = [];
  let place = 0;
  for (const run of await indexLog(key)) {
    const here = run.counts.get(step) ?? 0;
    if (here === 0 || place + here < from) {
      place += here;
      continue;
    }
    const to = run.firstLine + run.lines - 1;
    for await (const line of streamLines(key, {
      from: run.firstLine,
      to,
      step,
    })) {
      place += 1;
      if (place >= from) lines.push(line);
      if (lines.length >= limit) return lines;
    }
  }
  return lines;
}

/** Whose line `n` of an attempt is, and which of the step's. Throws NOT_FOUND, also for a line that was removed. */
export async function locateLine(
  actor: Actor,
  buildId: string,
  query: { attempt?: number | undefined; n: number },
): Promise<LinePlace & { attempt: number }> {
  const { key, removed } = await findLog(actor.teamId, buildId, query.attempt);
  const { n } = query;
  const place = removed ? locateKept(removed.lines, n) : await locate(key, n);
  if (!place)
    throw new AppError(
      'NOT_FOUND',
      removed?.note ?? 'The log has no such line.',
    );
  return { attempt: key.attempt, ...place };
}

async function locate(key: LogKey, n: number): Promise<LinePlace | undefined> {
  const runs = await indexLog(key);
  const run = runs.find(
    ({ firstLine, lines }) => firstLine <= n && n < firstLine + lines,
  );
  if (!run) return undefined;
  const seen: string[] = [];
  for await (const line of streamLines(key, { from: run.firstLine, to: n }))
    seen.push(line.step);
  const step = seen.at(-1) ?? '';
  const before = runs
    .slice(0, runs.indexOf(run))
    .reduce((sum, { counts }) => sum + (counts.get(step) ?? 0), 0);
  const place = before + seen.filter((key) => key === step).length;
  return { n, step, place };
}

/** Looks for words in all lines of an attempt, as `searchLog`. Throws NOT_FOUND. */
export async function searchLines(
  actor: Actor,
  buildId: string,
  { attempt, ...search }: LogSearch & { attempt?: number | undefined },
  signal: AbortSignal,
): Promise<LineSearchView> {
  const { key, removed } = await findLog(actor.teamId, buildId, attempt);
  const found = removed
    ? searchKept(removed.lines, search)
    : await searchLog(key, search, signal);
  return { attempt: key.attempt, ...found };
}

/**
 * Every line of an attempt or of one step in order, for a download; `note` says that a log was removed and these are what
 * stayed. Throws NOT_FOUND before the first.
 */
export async function downloadLines(
  actor: Actor,
  buildId: string,
  {
    attempt,
    step,
  }: { attempt?: number | undefined; step?: string | undefined },
): Promise<{
  attempt: number;
  note: string | null;
  lines: AsyncGenerator<LineView>;
}> {
  const log = await findLog(actor.teamId, buildId, attempt);
  if (step !== undefined) await log.countStep(step);
  return {
    attempt: log.key.attempt,
    note: log.removed?.note ?? null,
    lines: linesOf(log, { from: 1, step }),
  };
}
