import 'server-only';
import { log } from '@/lib/log';

const LOOK_MS = 1_000;

/** Thrown into work that somebody asked to stop. */
export class Cancelled extends Error {
  constructor() {
    super('Somebody asked it to stop.');
    this.name = 'Cancelled';
  }
}

/** Does long work with a signal that is aborted, with `Cancelled`, about a second after `isCancelled` says so. */
export async function untilCancelled<T>(
  isCancelled: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setInterval(() => {
    isCancelled().then(
      (yes) => {
        if (yes) controller.abort(new Cancelled());
      },
      (error: unknown) =>
        log.warn({ err: error }, 'asking whether to stop failed'),
    );
  }, LOOK_MS);
  try {
    return await work(controller.signal);
  } catch (error) {
    // Whatever broke after that broke because of it.
    throw controller.signal.aborted ? new Cancelled() : error;
  } finally {
    clearInterval(timer);
  }
}

/** Calls `tell` with the newest value, at most once in `everyMs`; what comes in between is left out. */
export function throttled<T>(
  everyMs: number,
  tell: (value: T) => Promise<void>,
): (value: T) => Promise<void> {
  let last = 0;
  return async (value) => {
    const now = Date.now();
    if (now - last < everyMs) return;
    last = now;
    await tell(value);
  };
}
