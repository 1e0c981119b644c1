import 'server-only';
import type { Actor } from '@/lib/auth';
import { isMoving } from '@/lib/build/state';
import type { BuildView } from '@/lib/build/views';
import type { OpenGaps } from '@/lib/services/build-log-lines';
import {
  type BuildTail,
  joinTail,
  type TailEntry,
} from '@/lib/services/build-tail';
import {
  type FollowEvent,
  type Position,
  readTurns,
} from '@/lib/services/build-turns';

export type { FollowEvent, Position };

/** Reads an SSE id, `attempt:seq`. Anything else is the beginning. */
export function parsePosition(text: string | null): Position {
  const match = /^(\d{1,9}):(\d{1,15})$/.exec(text ?? '');
  return { attempt: Number(match?.[1] ?? 0), seq: Number(match?.[2] ?? 0) };
}

/**
 * Yields what happened after `start`, then one `end`. Resuming is passing the last position seen: nothing is lost and no
 * line comes twice. What is stored already comes from the store, the rest from the tail that all viewers share; one that
 * falls so far behind that the tail has forgotten what comes next reads on from the store. Call `requireBuild` first.
 */
export async function* followBuild(
  actor: Actor,
  buildId: string,
  start: Position,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const { tail, leave } = joinTail(actor, buildId);
  let position = start;
  const move = (event: FollowEvent): FollowEvent => {
    if (!event.position) return event;
    position = later(position, event.position);
    return { ...event, position };
  };
  try {
    while (!signal.aborted) {
      while (tail.view === null && !signal.aborted) await tail.next(signal);
      tail.throwIfFailed();
      const { view, head, endIndex, isOver } = tail;
      if (!view || signal.aborted) return;
      for await (const event of catchUp(view, position, head, signal))
        yield move(event);
      // A final one comes after the last event, by the tail.
      if (isOver || isMoving(view.state)) yield { event: 'state', data: view };
      if (isOver) {
        yield { event: 'end', data: { state: view.state } };
        return;
      }
      for await (const entry of listen(tail, endIndex, signal)) {
        for await (const event of fit(buildId, position, entry, signal))
          yield move(event);
        if (entry.event.event === 'end') return;
      }
    }
  } finally {
    leave();
  }
}

const isBefore = (a: Position, b: Position) =>
  a.attempt < b.attempt || (a.attempt === b.attempt && a.seq < b.seq);

const later = (a: Position, b: Position) => (isBefore(a, b) ? b : a);

/** What of an entry is new to a viewer, who may have read further than the tail had when it came. */
async function* fit(
  buildId: string,
  position: Position,
  { event, after }: TailEntry,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const to = event.position;
  const movesOn = event.event === 'lines' || event.event === 'attempt';
  if (!movesOn || !to || !isBefore(after, position)) {
    yield event;
  } else if (isBefore(position, to)) {
    const gaps: OpenGaps = new Map();
    yield* readTurns(buildId, position, gaps, signal, to.seq);
  }
}

/** What the store holds between two positions, attempt by attempt. */
async function* catchUp(
  { id, attempts }: BuildView,
  start: Position,
  head: Position,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const gaps: OpenGaps = new Map();
  let position = start;
  for (const { attempt } of attempts) {
    if (attempt < position.attempt || attempt > head.attempt) continue;
    if (attempt > position.attempt) {
      position = { attempt, seq: 0 };
      yield { event: 'attempt', data: { attempt }, position };
    }
    const last = attempt === head.attempt ? head.seq : Infinity;
    yield* readTurns(id, position, gaps, signal, last);
  }
}

/** The tail's entries from `index` on, until it ends or has forgotten the next one. */
async function* listen(
  tail: BuildTail,
  index: number,
  signal: AbortSignal,
): AsyncGenerator<TailEntry> {
  let next = index;
  while (!signal.aborted && next >= tail.firstIndex) {
    const entry = tail.at(next);
    if (entry) {
      next += 1;
      yield entry;
    } else {
      await tail.next(signal);
      if (tail.isOver && next >= tail.endIndex) return;
    }
  }
}
