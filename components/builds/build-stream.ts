import type { BuildLog } from '@/components/builds/build-log';
import type { BuildStreamEvent, BuildView } from '@/lib/build/views';

/** What of `EventSource` is used. */
export type Source = {
  addEventListener(
    name: string,
    listener: (event: { data?: string; lastEventId?: string }) => void,
  ): void;
  close(): void;
};

/** What the stream needs of a browser. */
export type StreamHost = {
  open(url: string): Source;
  isVisible(): boolean;
  /** Calls when the page is shown or hidden, or the network comes back; gives what ends it. */
  watch(onChange: () => void): () => void;
  /** A place among the few open streams of this browser, `null` when there is none. */
  takeSlot(): Promise<(() => void) | null>;
  setTimer(run: () => void, delayMs: number): () => void;
};

/**
 * `polling`: no place for an open stream, so it connects for a moment every other second. `paused`: the page is hidden.
 */
export type StreamStatus =
  'connecting' | 'live' | 'polling' | 'reconnecting' | 'paused' | 'ended';

export const POLL_MS = 2_000;
/** A page may be hidden for this long, as when tabs are flicked through, before its connection goes to others. */
export const HIDDEN_MS = 1_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];

type Data<Name extends BuildStreamEvent['event']> = Extract<
  BuildStreamEvent,
  { event: Name }
>['data'];

/**
 * Follows a build into a `BuildLog` until its end, over connections that come and go: closed while the page is hidden,
 * short when there are too many windows, opened again after a failure. Each goes on at the log's position.
 */
export class BuildStream {
  #status: StreamStatus = 'connecting';
  #listeners = new Set<() => void>();
  #isStarted = false;
  #failures = 0;
  // Goes up whenever a connection is given up, so that its late callbacks are ignored.
  #epoch = 0;
  #close: (() => void) | undefined;
  #stopTimer: (() => void) | undefined;
  #stopWatch: (() => void) | undefined;
  readonly #url: string;
  readonly #log: BuildLog;
  readonly #host: StreamHost;
  readonly #onState: (build: BuildView) => void;
  readonly #onEnd: () => void;

  constructor(options: {
    url: string;
    log: BuildLog;
    host: StreamHost;
    onState: (build: BuildView) => void;
    onEnd: () => void;
  }) {
    this.#url = options.url;
    this.#log = options.log;
    this.#host = options.host;
    this.#onState = options.onState;
    this.#onEnd = options.onEnd;
  }

  get status(): StreamStatus {
    return this.#status;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#isStarted || this.#status === 'ended') return;
    this.#isStarted = true;
    this.#stopWatch = this.#host.watch(() => this.#onChange());
    this.#connect();
  }

  stop(): void {
    this.#isStarted = false;
    this.#stopWatch?.();
    this.#release();
  }

  /** Connects anew, as when something else shows that this connection has gone silent. */
  reconnect(): void {
    if (!this.#isStarted) return;
    this.#release();
    this.#connect();
  }

  #set(status: StreamStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }

  #onChange(): void {
    if (this.#host.isVisible()) {
      if (this.#status === 'live') this.#stopTimer?.();
      else this.reconnect();
      return;
    }
    this.#wait(() => {
      this.#release();
      this.#set('paused');
    }, HIDDEN_MS);
  }

  #wait(run: () => void, delayMs: number): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#host.setTimer(run, delayMs);
  }

  #release(): void {
    this.#epoch += 1;
    this.#stopTimer?.();
    this.#close?.();
    this.#close = undefined;
  }

  #connect(): void {
    if (!this.#host.isVisible()) {
      this.#set('paused');
      return;
    }
    if (this.#status === 'paused') this.#set('connecting');
    const epoch = this.#epoch;
    void this.#host.takeSlot().then((free) => {
      if (epoch === this.#epoch) this.#open(free);
      else free?.();
    });
  }

  #open(free: (() => void) | null): void {
    const epoch = this.#epoch;
    const source = this.#host.open(`${this.#url}?after=${this.#log.position}`);
    this.#close = () => {
      source.close();
      free?.();
    };
    const on = <Name extends BuildStreamEvent['event']>(
      name: Name,
      take: (data: Data<Name>, id: string) => void,
    ) =>
      source.addEventListener(name, ({ data, lastEventId }) => {
        if (epoch !== this.#epoch || data === undefined) return;
        take(JSON.parse(data) as Data<Name>, lastEventId ?? '');
      });
    const fail = () => {
      if (epoch === this.#epoch) this.#retry();
    };
    on('attempt', ({ attempt }) => this.#log.startAttempt(attempt));
    on('step', (step) => this.#log.setStep(step));
    on('progress', (progress) => this.#log.setProgress(progress));
    on('lines', (lines, id) => {
      const seq = Number(id.split(':')[1] ?? 0);
      if (!this.#log.append(lines, seq)) this.#retry();
    });
    // The state comes once everything stored before it has come, so this connection works and is up to date.
    on('state', (build) => {
      this.#failures = 0;
      this.#onState(build);
      this.#set(free ? 'live' : 'polling');
      if (!free) this.#again(POLL_MS);
    });
    on('end', () => {
      this.stop();
      this.#set('ended');
      this.#onEnd();
    });
    source.addEventListener('fail', fail);
    source.addEventListener('error', fail);
  }

  #again(delayMs: number): void {
    this.#release();
    this.#wait(() => this.#connect(), delayMs);
  }

  #retry(): void {
    const delayMs = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)];
    this.#failures += 1;
    this.#set('reconnecting');
    this.#again(delayMs ?? 0);
  }
}
