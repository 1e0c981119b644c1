import type { Job } from '@/lib/build/protocol';
import type { Reporter } from '@/worker/reporter';
import type { StopSwitch } from '@/worker/stop-switch';

const TICK_MS = 1_000;

/** Stops an attempt that runs too long, or too long without a word; also drives the reporter's clock. Call the result to end it. */
export function watchLimits(
  { totalMs, idleMs }: Job['limits'],
  reporter: Reporter,
  stopSwitch: StopSwitch,
  now: () => number,
): () => void {
  const stop = (limit: 'total' | 'idle') =>
    stopSwitch.stop({ kind: 'timed_out', limit, step: reporter.runningStep() });
  const total = setTimeout(() => stop('total'), totalMs);
  const tick = setInterval(
    () => {
      reporter.tick();
      if (now() - reporter.lastHeardAt >= idleMs) stop('idle');
    },
    Math.min(TICK_MS, Math.ceil(idleMs / 4)),
  );
  return () => {
    clearTimeout(total);
    clearInterval(tick);
  };
}
