import 'server-only';
import { and, asc, eq, gt } from 'drizzle-orm';
import { db } from '@/db';
import { buildSteps } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildStreamEvent, BuildView } from '@/lib/build/views';
import { isMoving } from '@/lib/build/state';
import { type OpenGaps, toLineViews } from '@/lib/services/build-log-lines';
import {
  readEventsAfter,
  type StoredEvent,
} from '@/lib/services/build-log-store';
import { getBuild, toStepView } from '@/lib/services/build-views';
import { waiter } from '@/lib/services/notify';

/** How far a viewer has read: everything up to event `seq` of `attempt`. `0:0` is the beginning. */
export type Position = { attempt: number; seq: number };

/** One stream event; `position` is its SSE id where it moves the reader on. */
export type FollowEvent = BuildStreamEvent & { position?: Position };

const SAFETY_POLL_MS = 5_000;

/** Reads an SSE id, `attempt:seq`. Anything else is the beginning. */
export function parsePosition(text: string | null): Position {
  const match = /^(\d{1,9}):(\d{1,15})$/.exec(text ?? '');
  return { attempt: Number(match?.[1] ?? 0), seq: Number(match?.[2] ?? 0) };
}

/**
 * Yields what happened after `start`, then one `end`. Resuming is passing the last position seen: nothing is lost and
 * nothing comes twice. The state is read before the events, and a final state is written with or after the last of
 * them, so everything has been sent when `end` comes. Call `requireBuild` first.
 */
export async function* followBuild(
  actor: Actor,
  buildId: string,
  start: Position,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const wait = waiter(`build:${buildId}`, signal);
  let position = start;
  let lastState = '';
  const gaps: OpenGaps = new Map();
  try {
    while (!signal.aborted) {
      const view = await getBuild(actor, buildId);
      const isFinal = !isMoving(view.state);
      // A viewer of an earlier attempt gets the rest of it first; then the next one begins.
      for (const { attempt } of view.attempts) {
        if (attempt < position.attempt) continue;
        if (attempt > position.attempt) {
          position = { attempt, seq: 0 };
          yield { event: 'attempt', data: { attempt }, position };
        }
        for await (const event of readOn(buildId, position, gaps, signal)) {
          position = event.position;
          yield event;
        }
      }
      const state = headOf(view);
      if (state !== lastState) {
        lastState = state;
        yield { event: 'state', data: view };
      }
      if (isFinal) {
        yield { event: 'end', data: { state: view.state } };
        return;
      }
      await wait.next(SAFETY_POLL_MS);
    }
  } finally {
    wait.close();
  }
}

/** What of a build, beside steps and lines, a viewer shows: a change of it is worth sending. */
function headOf({
  state,
  attempt,
  cancelledBy,
  digest,
  queue,
}: BuildView): string {
  return JSON.stringify([state, attempt, cancelledBy, digest, queue]);
}

type Positioned = FollowEvent & { position: Position };

async function* readOn(
  buildId: string,
  start: Position,
  gaps: OpenGaps,
  signal: AbortSignal,
): AsyncGenerator<Positioned> {
  let { seq } = start;
  while (!signal.aborted) {
    const key = { buildId, attempt: start.attempt };
    const stored = await readEventsAfter(key, seq);
    const last = stored.at(-1);
    if (!last) return;
    yield* toStreamEvents(key, seq, stored, gaps);
    seq = last.seq;
  }
}

/** Steps as they stand now, then the lines; both are in the store before they are sent. */
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
