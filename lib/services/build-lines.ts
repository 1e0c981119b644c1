import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, buildSteps } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type {
  LinePlace,
  LineSearchView,
  LinesView,
  LineView,
} from '@/lib/build/views';
import { AppError } from '@/lib/errors';
import { requireBuild } from '@/lib/services/build-events';
import { indexLog } from '@/lib/services/build-log-index';
import { type LogSearch, searchLog } from '@/lib/services/build-log-search';
import { streamLines } from '@/lib/services/build-log-lines';
import type { AttemptKey } from '@/lib/services/build-log-store';

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
  const { key, lineCount } = await findAttempt(actor, buildId, attempt);
  if (step === undefined) {
    const lines: LineView[] = [];
    const range = { from, to: from + limit - 1 };
    for await (const line of streamLines(key, range)) lines.push(line);
    return { attempt: key.attempt, lines, total: lineCount };
  }
  const total = await countStep(key, step);
  const lines = from > total ? [] : await readStepLines(key, step, from, limit);
  return { attempt: key.attempt, lines, total };
}

/** Lines of one step by their place in it. What other steps printed meanwhile is not read. */
async function readStepLines(
  key: AttemptKey,
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

/** Whose line `n` of an attempt is, and which of the step's. Throws NOT_FOUND. */
export async function locateLine(
  actor: Actor,
  buildId: string,
  query: { attempt?: number | undefined; n: number },
): Promise<LinePlace & { attempt: number }> {
  const { key } = await findAttempt(actor, buildId, query.attempt);
  const { n } = query;
  const runs = await indexLog(key);
  const run = runs.find(
    ({ firstLine, lines }) => firstLine <= n && n < firstLine + lines,
  );
  if (!run) throw new AppError('NOT_FOUND', 'The log has no such line.');
  const seen: string[] = [];
  for await (const line of streamLines(key, { from: run.firstLine, to: n }))
    seen.push(line.step);
  const step = seen.at(-1) ?? '';
  const before = runs
    .slice(0, runs.indexOf(run))
    .reduce((sum, { counts }) => sum + (counts.get(step) ?? 0), 0);
  const place = before + seen.filter((key) => key === step).length;
  return { attempt: key.attempt, n, step, place };
}

/** Looks for words in all lines of an attempt, as `searchLog`. Throws NOT_FOUND. */
export async function searchLines(
  actor: Actor,
  buildId: string,
  { attempt, ...search }: LogSearch & { attempt?: number | undefined },
  signal: AbortSignal,
): Promise<LineSearchView> {
  const { key } = await findAttempt(actor, buildId, attempt);
  return { attempt: key.attempt, ...(await searchLog(key, search, signal)) };
}

/** Every line of an attempt or of one step in order, for a download. Throws NOT_FOUND before the first. */
export async function downloadLines(
  actor: Actor,
  buildId: string,
  {
    attempt,
    step,
  }: { attempt?: number | undefined; step?: string | undefined },
): Promise<{ attempt: number; lines: AsyncGenerator<LineView> }> {
  const { key } = await findAttempt(actor, buildId, attempt);
  if (step !== undefined) await countStep(key, step);
  return { attempt: key.attempt, lines: streamLines(key, { from: 1, step }) };
}

async function findAttempt(actor: Actor, buildId: string, wanted?: number) {
  const build = await requireBuild(actor.teamId, buildId);
  const key = { buildId, attempt: wanted ?? build.currentAttempt };
  const [row] = await db()
    .select({ lineCount: buildAttempts.lineCount })
    .from(buildAttempts)
    .where(
      and(
        eq(buildAttempts.buildId, key.buildId),
        eq(buildAttempts.attempt, key.attempt),
      ),
    );
  if (!row && wanted !== undefined)
    throw new AppError('NOT_FOUND', 'There is no such attempt.');
  return { key, lineCount: row?.lineCount ?? 0 };
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
