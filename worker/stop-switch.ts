import type { AppError } from '@/lib/errors';

/** Why an attempt stops before its own end. */
export type StopReason =
  | { kind: 'cancelled' }
  | { kind: 'timed_out'; limit: 'total' | 'idle'; step: string | null }
  /** This worker is shutting down. */
  | { kind: 'shutdown' }
  /** The server gave the attempt up: nothing more is said about it. */
  | { kind: 'stale' }
  /** The server does not listen to this worker, or not to what it says. */
  | { kind: 'refused'; error: AppError };

/** Stops an attempt once; the first reason counts. */
export class StopSwitch {
  readonly #controller = new AbortController();
  reason: StopReason | null = null;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(reason: StopReason): void {
    if (this.reason) return;
    this.reason = reason;
    this.#controller.abort();
  }
}
