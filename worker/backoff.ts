import { ServerAway } from '@/worker/server-api';
import { pause } from '@/worker/time-limit';

export type Backoff = {
  firstMs: number;
  maxMs: number;
  random: () => number;
  /** Told once when the server goes away, and once when it is back. */
  onAway: (reason: string) => void;
  onBack: () => void;
};

/**
 * Repeats a call until the server takes it, waiting longer each time, with jitter so that many workers do not come back
 * at once. Anything but ServerAway is thrown on; so is the last ServerAway when the signal aborts.
 */
export async function untilServed<Value>(
  backoff: Backoff,
  signal: AbortSignal,
  call: () => Promise<Value>,
): Promise<Value> {
  for (let round = 0; ; round += 1) {
    try {
      const value = await call();
      if (round > 0) backoff.onBack();
      return value;
    } catch (error) {
      if (!(error instanceof ServerAway) || signal.aborted) throw error;
      if (round === 0) backoff.onAway(error.message);
      const ms = Math.min(backoff.maxMs, backoff.firstMs * 2 ** round);
      await pause(ms * (0.5 + backoff.random() / 2), signal);
      if (signal.aborted) throw error;
    }
  }
}
