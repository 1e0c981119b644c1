import 'server-only';
import { and, asc, eq, gt } from 'drizzle-orm';
import { db } from '@/db';
import { buildSteps } from '@/db/schema';
import type { BuildStreamEvent } from '@/lib/build/views';
import { type OpenGaps, toLineViews } from '@/lib/services/build-log-lines';
import {
  readEventsAfter,
  type StoredEvent,
} from '@/lib/services/build-log-store';
import { toStepView } from '@/lib/services/build-views';

/** How far a viewer has read: everything up to event `seq` of `attempt`. `0:0` is the beginning. */
export type Position = { attempt: number; seq: number };

/** One stream event; `position` is its SSE id where it moves the reader on. */
export type FollowEvent = BuildStreamEvent & { position?: Position };

type Positioned = FollowEvent & { position: Position };

/**
 * What the store holds of an attempt after event `start.seq`, up to `lastSeq` where that is given: each turn the steps as
 * they stand now, then the lines.
 */
export async function* readTurns(
  buildId: string,
  start: Position,
  gaps: OpenGaps,
  signal: AbortSignal,
  lastSeq = Infinity,
): AsyncGenerator<Positioned> {
  let { seq } = start;
  while (!signal.aborted && seq < lastSeq) {
    const key = { buildId, attempt: start.attempt };
    const stored = (await readEventsAfter(key, seq)).filter(
      (event) => event.seq <= lastSeq,
    );
    const last = stored.at(-1);
    if (!last) return;
    yield* toStreamEvents(key, seq, stored, gaps);
    seq = last.seq;
  }
}

async function* toStreamEvents(
  key: { buildId: string; attempt: number },
  afterSeq: number,
  stored: StoredEvent[],
  gaps: OpenGaps,
): AsyncGenerator<Positioned> {
  const last = stored.at(-1);
  if (!last) return;
  const before = { attempt: key.attempt, seq: afterSeq };
  const touched = stored.some(
    ({ event }) => event.kind !== 'line' && event.kind !== 'progress',
  );
  const steps = await db()
    .select()
    .from(buildSteps)
    .where(
      and(
        eq(buildSteps.buildId, key.buildId),
        eq(buildSteps.attempt, key.attempt),
        touched ? gt(buildSteps.seq, 0) : gt(buildSteps.lastLineSeq, afterSeq),
      ),
    )
    .orderBy(asc(buildSteps.position));
  for (const step of steps)
    yield { event: 'step', data: toStepView(step), position: before };
  for (const { event } of stored) {
    if (event.kind !== 'progress') continue;
    const { step, what, current, total } = event;
    yield {
      event: 'progress',
      data: { step, what, current, total },
      position: before,
    };
  }
  const lines = [...toLineViews(stored, gaps)];
  yield {
    event: 'lines',
    data: lines,
    position: { attempt: key.attempt, seq: last.seq },
  };
}
