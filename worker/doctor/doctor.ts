import type { CheckupOrder, Finding } from '@/lib/build/doctor';
import type { BuildEngine } from '@/lib/build/engine';
import { findingsOf } from '@/worker/doctor/finding';
import { lookAtRegistries } from '@/worker/doctor/registries';

/** Below it a clock is right: an answer may take a moment. */
const SKEW_MS = 5_000;
const BAD_SKEW_MS = 60_000;

/** Looks at everything a build needs of this machine. `heardAt` is when the order came, by this machine's clock. */
export async function examine(
  engine: BuildEngine,
  order: CheckupOrder,
  heardAt: number,
  signal: AbortSignal,
): Promise<Finding[]> {
  const [ofEngine, ofRegistries] = await Promise.all([
    examineEngine(engine, order, signal),
    lookAtRegistries(order.registries, signal),
  ]);
  return [...ofEngine, lookAtClock(heardAt - order.now), ...ofRegistries];
}

async function examineEngine(
  engine: BuildEngine,
  order: CheckupOrder,
  signal: AbortSignal,
): Promise<Finding[]> {
  const report = await engine.probe();
  if (report.state === 'ready') {
    try {
      return await engine.examine(order, signal);
    } catch (error) {
      signal.throwIfAborted();
      return [unreachable(error instanceof Error ? error.message : '')];
    }
  }
  return [unreachable(report.reason)];
}

const unreachable = (reason: string) =>
  findingsOf('engine')('bad', 'unreachable', { reason: reason.slice(0, 500) });

/** `skewMs` is positive when this machine is ahead. */
function lookAtClock(skewMs: number): Finding {
  const size = Math.abs(skewMs);
  const finding = findingsOf('clock');
  if (size < SKEW_MS) return finding('good', 'right', { skewMs });
  return finding(size < BAD_SKEW_MS ? 'warn' : 'bad', 'wrong', { skewMs });
}
