import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, builds } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { isMoving } from '@/lib/build/state';
import type { BuildView } from '@/lib/build/views';
import type { OpenGaps } from '@/lib/services/build-log-lines';
import {
  type FollowEvent,
  type Position,
  readTurns,
} from '@/lib/services/build-turns';
import { getBuild } from '@/lib/services/build-views';
import { waiter } from '@/lib/services/notify';

const SAFETY_POLL_MS = 5_000;
/** What is kept for viewers that lag a little: they read the rest from the store. */
const KEPT_LINES = 20_000;
const KEPT_EVENTS = 2_000;

/** An event, and how far a viewer has to have read for it to be the next. */
export type TailEntry = { event: FollowEvent; after: Position };

/**
 * What happens to one build from now on, read once for all who watch it in this process. Entries are numbered from 0;
 * those before `firstIndex` are forgotten.
 */
export class BuildTail {
  readonly #entries: TailEntry[] = [];
  readonly #waiting = new Set<() => void>();
  #keptLines = 0;
  #failure: { error: unknown } | null = null;
  firstIndex = 0;
  /** Everything up to here is in the store, and after it in the entries. */
  head: Position = { attempt: 0, seq: 0 };
  /** As it was last read, `null` until the first time: it names every attempt up to the head. */
  view: BuildView | null = null;
  isOver = false;

  get endIndex(): number {
    return this.firstIndex + this.#entries.length;
  }

  at(index: number): TailEntry | undefined {
    return this.#entries[index - this.firstIndex];
  }

  /** Waits until something was added, or the tail ended. Throws what made it fail. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.isOver && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
    this.throwIfFailed();
  }

  /** Throws what made it fail: a tail that failed is over, and its build is not. */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  /** Reads on until the build is over or nobody watches. */
  async run(actor: Actor, buildId: string, signal: AbortSignal): Promise<void> {
    try {
      this.head = await readHead(buildId);
      const onView = (view: BuildView) => {
        this.view = view;
        this.#wake();
      };
      const events = tailOf(actor, buildId, this.head, onView, signal);
      for await (const event of events) this.#add(event);
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.isOver = true;
      this.#wake();
    }
  }

  #add(event: FollowEvent): void {
    this.#entries.push({ event, after: this.head });
    if (event.position) this.head = event.position;
    if (event.event === 'lines') this.#keptLines += event.data.length;
    while (
      this.#entries.length > KEPT_EVENTS ||
      (this.#keptLines > KEPT_LINES && this.#entries.length > 1)
    ) {
      const dropped = this.#entries.shift();
      this.firstIndex += 1;
      if (dropped?.event.event === 'lines')
        this.#keptLines -= dropped.event.data.length;
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** The last event that is stored of a build's current attempt. */
async function readHead(buildId: string): Promise<Position> {
  const [row] = await db()
    .select({ attempt: buildAttempts.attempt, nextSeq: buildAttempts.nextSeq })
    .from(builds)
    .innerJoin(
      buildAttempts,
      and(
        eq(buildAttempts.buildId, builds.id),
        eq(buildAttempts.attempt, builds.currentAttempt),
      ),
    )
    .where(eq(builds.id, buildId));
  return row
    ? { attempt: row.attempt, seq: row.nextSeq - 1 }
    : { attempt: 0, seq: 0 };
}

/**
 * Yields what happens after `start`, the state as it is at first, and one `end`. The state is read before the events, and
 * a final state is written with or after the last of them, so everything was yielded when `end` comes.
 */
async function* tailOf(
  actor: Actor,
  buildId: string,
  start: Position,
  onView: (view: BuildView) => void,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent> {
  const wait = waiter(`build:${buildId}`, signal);
  let position = start;
  let lastState = '';
  const gaps: OpenGaps = new Map();
  try {
    while (!signal.aborted) {
      const view = await getBuild(actor, buildId);
      // What was stopped with it may still be ending.
      const isFinal = ![view, ...view.parts].some(({ state }) =>
        isMoving(state),
      );
      onView(view);
      // The rest of an attempt comes first; then the next one begins.
      for (const { attempt } of view.attempts) {
        if (attempt < position.attempt) continue;
        if (attempt > position.attempt) {
          position = { attempt, seq: 0 };
          yield { event: 'attempt', data: { attempt }, position };
        }
        for await (const event of readTurns(buildId, position, gaps, signal)) {
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
  ask,
  parts,
}: BuildView): string {
  return JSON.stringify([
    state,
    attempt,
    cancelledBy,
    digest,
    queue,
    ask,
    parts,
  ]);
}

type Shared = { tail: BuildTail; users: number; abort: AbortController };

// Shared by every bundle of the process, as the notification hub is.
const holder = globalThis as typeof globalThis & {
  imageyardTails?: Map<string, Shared>;
};
const tails = (holder.imageyardTails ??= new Map<string, Shared>());

/** The tail of a build, begun by the first who watches and ended with the last. Call `leave` once. */
export function joinTail(
  actor: Actor,
  buildId: string,
): { tail: BuildTail; leave: () => void } {
  let shared = tails.get(buildId);
  // One that has ended tells newcomers nothing of what came after.
  if (!shared || shared.tail.isOver) {
    shared = { tail: new BuildTail(), users: 0, abort: new AbortController() };
    tails.set(buildId, shared);
    void shared.tail.run(actor, buildId, shared.abort.signal);
  }
  const own = shared;
  own.users += 1;
  return {
    tail: own.tail,
    leave: () => {
      own.users -= 1;
      if (own.users > 0) return;
      own.abort.abort();
      if (tails.get(buildId) === own) tails.delete(buildId);
    },
  };
}
