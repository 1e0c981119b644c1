import 'server-only';
import { and, desc, gt, lt, lte } from 'drizzle-orm';
import { db } from '@/db';
import type { LineView } from '@/lib/build/views';
import {
  type ChunkRow,
  chunksOf,
  type LogKey,
  ofAttempt,
  readEvents,
  type StoredEvent,
} from '@/lib/services/build-log-store';

/** Why output of a step is missing before its next line, by step. */
export type OpenGaps = Map<string, string>;

/**
 * The views of the lines among events. Where the log was too long and its middle was dropped, the line that follows says
 * so; `open` carries that over from the events before to those after.
 */
export function* toLineViews(
  events: readonly StoredEvent[],
  open: OpenGaps,
): Generator<LineView> {
  for (const { event, line } of events) {
    if (event.kind === 'clipped' && event.by === 'limit')
      open.set(event.step, event.reason);
    if (event.kind !== 'line' || line === null) continue;
    const { at, step, stream, text, cut } = event;
    const gap = open.get(step);
    open.delete(step);
    yield {
      n: line,
      at,
      step,
      stream,
      text,
      ...(cut ? { cut } : {}),
      ...(gap === undefined ? {} : { gap }),
    };
  }
}

/** Batches without a line that are looked through, at most, for what is open. */
const LOOK_BACK = 20;

/** What is open where a chunk begins: said since the last line before it, in its chunk or in others without lines. */
async function gapsBefore(key: LogKey, firstSeq: number): Promise<OpenGaps> {
  const all = chunksOf(key);
  const before = await db()
    .select()
    .from(all)
    .where(and(ofAttempt(key), lt(all.firstSeq, firstSeq)))
    .orderBy(desc(all.firstSeq))
    .limit(LOOK_BACK);
  const withLine = before.findIndex(({ lines }) => lines > 0);
  const chunks = withLine < 0 ? before : before.slice(0, withLine + 1);
  const lists = await Promise.all(chunks.toReversed().map(readEvents));
  const events = lists.flat();
  const last = events.findLastIndex(({ event }) => event.kind === 'line');
  const open: OpenGaps = new Map();
  for (const _line of toLineViews(events.slice(last + 1), open));
  return open;
}

export type LineRange = {
  /** First line wanted, from 1. */
  from: number;
  /** The last one; all that follow when left out. */
  to?: number | undefined;
  /** Only the lines of this step. */
  step?: string | undefined;
};

/** The lines of a range in order, chunk by chunk, so that a download never holds the whole log. */
export async function* streamLines(
  key: LogKey,
  { from, to = Number.MAX_SAFE_INTEGER, step }: LineRange,
): AsyncGenerator<LineView> {
  let next = from;
  let open: OpenGaps = new Map();
  let lastSeq = 0;
  while (next <= to) {
    const chunk = await chunkOfLine(key, next);
    if (!chunk) return;
    // Chunks without lines were passed over.
    if (chunk.firstSeq !== lastSeq + 1)
      open = new Map([...open, ...(await gapsBefore(key, chunk.firstSeq))]);
    lastSeq = chunk.lastSeq;
    for (const line of toLineViews(await readEvents(chunk), open)) {
      if (line.n < next) continue;
      if (line.n > to) return;
      if (step === undefined || line.step === step) yield line;
    }
    next = chunk.firstLine + chunk.lines;
  }
}

/** The chunk that holds line `n`, as far as there is such a line: every line stands in one chunk. */
async function chunkOfLine(
  key: LogKey,
  n: number,
): Promise<ChunkRow | undefined> {
  const chunks = chunksOf(key);
  const [chunk] = await db()
    .select()
    .from(chunks)
    .where(and(ofAttempt(key), lte(chunks.firstLine, n), gt(chunks.lines, 0)))
    .orderBy(desc(chunks.firstLine))
    .limit(1);
  return chunk && chunk.firstLine + chunk.lines > n ? chunk : undefined;
}
