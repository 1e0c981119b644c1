import { BATCH_BYTES, BATCH_MS, type Finish } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { type Backoff, untilServed } from '@/worker/backoff';
import type { AttemptKey, ServerApi } from '@/worker/server-api';
import type { Spool } from '@/worker/spool';
import { pause } from '@/worker/time-limit';

/** Whether the server's refusal means that the attempt is over, whatever is said about it. */
export function isOver(error: unknown): boolean {
  return (
    error instanceof AppError &&
    (error.code === 'ATTEMPT_STALE' || error.code === 'NOT_FOUND')
  );
}

/**
 * Brings the events of one attempt to the server, in order, however often either side goes away: the server names the
 * next number it wants, and the spool holds them all. A refusal of the server ends it with that AppError.
 */
export class Delivery {
  readonly #spool: Spool;
  readonly #server: ServerApi;
  readonly #backoff: Backoff;
  /** The next event to send. */
  #next = 1;
  #wake = new AbortController();
  #onDelivered: { seq: number; done: () => void }[] = [];

  constructor(spool: Spool, server: ServerApi, backoff: Backoff) {
    this.#spool = spool;
    this.#server = server;
    this.#backoff = backoff;
  }

  /** Sends what there is and what comes, in batches, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isFull = this.#spool.bytesFrom(this.#next) >= BATCH_BYTES;
      if (!isFull) await this.#pause(BATCH_MS, signal);
      this.#spool.flush();
      if (this.#spool.lastSeq < this.#next || signal.aborted) continue;
      try {
        await this.#send(signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  /** Call it when events were added: a full batch goes at once. */
  wake(): void {
    if (this.#spool.bytesFrom(this.#next) >= BATCH_BYTES) this.#wake.abort();
  }

  /** Resolves when the server has every event there is now; throws when the signal aborts. Needs `run`. */
  async untilDelivered(signal: AbortSignal): Promise<void> {
    const seq = this.#spool.lastSeq;
    if (this.#next > seq) return;
    this.#wake.abort();
    await new Promise<void>((resolve) => {
      this.#onDelivered.push({ seq, done: resolve });
      signal.addEventListener('abort', () => resolve());
    });
    signal.throwIfAborted();
  }

  /**
   * Sends all that is left, then the result, which is noted on disk first. Resolves when the server has it, or says that
   * the attempt is over. Not together with `run`.
   */
  async finish(result: Finish['result'], signal: AbortSignal): Promise<void> {
    this.#spool.setResult(result);
    try {
      let wanted = await this.#finishAt(this.#spool.lastSeq, result, signal);
      while (wanted !== null) {
        if (wanted > this.#spool.lastSeq) {
          // The server knows more than this spool, whose end the disk lost: the checksum will not fit, which is true.
          wanted = await this.#tell(wanted - 1, result, signal);
        } else {
          this.#next = wanted;
          wanted = await this.#finishAt(this.#spool.lastSeq, result, signal);
        }
      }
    } catch (error) {
      if (!isOver(error)) throw error;
    }
  }

  /** Sends the events up to `lastSeq`, then the result; `null`, or the next event the server wants first. */
  async #finishAt(
    lastSeq: number,
    result: Finish['result'],
    signal: AbortSignal,
  ): Promise<number | null> {
    try {
      const isWhole = () => this.#next > lastSeq || this.#spool.isBroken;
      while (!isWhole()) await this.#send(signal);
    } catch (error) {
      const isRefused =
        error instanceof AppError && error.code === 'INVALID_INPUT';
      if (!isRefused) throw error;
    }
    // An event that the server cannot read, or the disk not hold, must not keep the build from ending.
    return this.#tell(this.#next - 1, result, signal);
  }

  async #send(signal: AbortSignal): Promise<void> {
    const next = await untilServed(this.#backoff, signal, () =>
      this.#server.sendEvents(
        this.#key,
        this.#next,
        this.#spool.read(this.#next, BATCH_BYTES),
        signal,
      ),
    );
    this.#next = Math.min(next, this.#spool.lastSeq + 1);
    const delivered = this.#onDelivered.filter(({ seq }) => seq < this.#next);
    this.#onDelivered = this.#onDelivered.filter(
      ({ seq }) => seq >= this.#next,
    );
    for (const { done } of delivered) done();
  }

  #tell(
    lastSeq: number,
    result: Finish['result'],
    signal: AbortSignal,
  ): Promise<number | null> {
    const finish = { lastSeq, checksum: this.#spool.checksum(), result };
    return untilServed(this.#backoff, signal, () =>
      this.#server.finish(this.#key, finish, signal),
    );
  }

  get #key(): AttemptKey {
    const { buildId, attempt } = this.#spool.about;
    return { buildId, attempt };
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    this.#wake = new AbortController();
    const stop = () => this.#wake.abort();
    signal.addEventListener('abort', stop);
    await pause(ms, this.#wake.signal);
    signal.removeEventListener('abort', stop);
  }
}
