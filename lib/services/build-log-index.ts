import 'server-only';
import { and, asc, eq, gt } from 'drizzle-orm';
import { db } from '@/db';
import { buildLogChunks, buildRecordChunks, buildSteps } from '@/db/schema';
import { streamLines } from '@/lib/services/build-log-lines';
import type { AttemptKey, LogKey } from '@/lib/services/build-log-store';

type Counts = ReadonlyMap<string, number>;

/** A run of consecutive lines, and how many of each step are among them. */
export type LineRun = { firstLine: number; lines: number; counts: Counts };

/** Runs in which several steps printed had to be read to be counted. What was stored never changes, so that holds. */
const counted = new Map<string, Counts>();
const MAX_COUNTED = 5_000;

/**
 * Tells which lines of an attempt are whose, run by run in order: how a step's lines are found by their place in it.
 * Where one step printed alone, its first and last line say so; only what lies between steps that took turns is read.
 */
export async function indexLog(key: LogKey): Promise<LineRun[]> {
  if (key.isRecord) return indexRecord(key);
  const { chunks, steps } = await readFacts(key);
  const runs: LineRun[] = [];
  for (const { firstSeq, lastSeq, firstLine, lines } of chunks) {
    const among = steps.filter(
      ({ first, last }) =>
        first !== null && last !== null && first <= lastSeq && last >= firstSeq,
    );
    const [only] = among;
    const counts =
      only && among.length === 1
        ? new Map([[only.key, lines]])
        : await countLines(key, firstLine, lines);
    runs.push({ firstLine, lines, counts });
  }
  return runs;
}

/** Whose lines are whose was counted as a record was imported. */
async function indexRecord({ buildId, attempt }: LogKey): Promise<LineRun[]> {
  const runs = await db()
    .select({
      firstLine: buildRecordChunks.firstLine,
      lines: buildRecordChunks.lines,
      counts: buildRecordChunks.counts,
    })
    .from(buildRecordChunks)
    .where(
      and(
        eq(buildRecordChunks.buildId, buildId),
        eq(buildRecordChunks.attempt, attempt),
      ),
    )
    .orderBy(asc(buildRecordChunks.firstLine));
  return runs.map((run) => ({
    ...run,
    counts: new Map(Object.entries(run.counts)),
  }));
}

/** Both as they stood at one moment: a step's last line grows with the chunks. */
function readFacts({ buildId, attempt }: AttemptKey) {
  return db().transaction(
    async (tx) => ({
      chunks: await tx
        .select({
          firstSeq: buildLogChunks.firstSeq,
          lastSeq: buildLogChunks.lastSeq,
          firstLine: buildLogChunks.firstLine,
          lines: buildLogChunks.lines,
        })
        .from(buildLogChunks)
        .where(
          and(
            eq(buildLogChunks.buildId, buildId),
            eq(buildLogChunks.attempt, attempt),
            gt(buildLogChunks.lines, 0),
          ),
        )
        .orderBy(asc(buildLogChunks.firstLine)),
      steps: await tx
        .select({
          key: buildSteps.key,
          first: buildSteps.firstLineSeq,
          last: buildSteps.lastLineSeq,
        })
        .from(buildSteps)
        .where(
          and(eq(buildSteps.buildId, buildId), eq(buildSteps.attempt, attempt)),
        ),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

async function countLines(
  key: AttemptKey,
  firstLine: number,
  lines: number,
): Promise<Counts> {
  const id = `${key.buildId}:${key.attempt}:${firstLine}:${lines}`;
  const known = counted.get(id);
  if (known) return known;
  const counts = new Map<string, number>();
  const range = { from: firstLine, to: firstLine + lines - 1 };
  for await (const { step } of streamLines(key, range)) addTo(counts, step, 1);
  counted.set(id, counts);
  for (const oldest of counted.keys()) {
    if (counted.size <= MAX_COUNTED) break;
    counted.delete(oldest);
  }
  return counts;
}

/** Adds to what is counted for a step. */
export function addTo(
  counts: Map<string, number>,
  step: string,
  lines: number,
): void {
  counts.set(step, (counts.get(step) ?? 0) + lines);
}
