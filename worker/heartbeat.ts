import { type Backoff, untilServed } from '@/worker/backoff';
import type { AttemptKey, ServerApi } from '@/worker/server-api';
import { pause } from '@/worker/time-limit';

/** After a cancel the server answers at once; the lease still wants renewing now and then. */
const AFTER_CANCEL_MS = 5_000;
/** A server that does not hold the poll is not asked more often than this. */
const AT_MOST_EVERY_MS = 100;

/**
 * Keeps the lease of an attempt and hears what is wanted of it, until the signal aborts. `onWish` may be called again
 * with the same wish.
 */
export async function keepHeartbeat(
  key: AttemptKey,
  server: ServerApi,
  backoff: Backoff,
  onWish: (wish: 'cancel' | 'stop') => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const desired = await untilServed(backoff, signal, () =>
        server.heartbeat(key, signal),
      );
      if (desired === 'run') {
        await pause(AT_MOST_EVERY_MS, signal);
        continue;
      }
      onWish(desired);
      if (desired === 'stop') return;
      await pause(AFTER_CANCEL_MS, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
