import type { Trace } from '@/worker/buildkit/trace';
import type { PushTick } from '@/worker/push-progress';

/** What of a build's progress is about the push: BuildKit tells it among what it exports. */
export function pushTicks(trace: Trace): PushTick[] {
  return trace.statuses
    .filter(({ id }) => /^pushing /.test(id))
    .map(({ id, current, total, completed }) => ({
      layer: id.replace(/^pushing /, ''),
      status: completed === null ? 'Pushing' : 'Pushed',
      current,
      total,
    }));
}
