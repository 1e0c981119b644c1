import type { BuildEngine, BuildInput } from '@/lib/build/engine';
import type { Finish, Job } from '@/lib/build/protocol';
import { Redactor } from '@/lib/build/redact';
import { AppError } from '@/lib/errors';
import type { ProjectTree } from '@/lib/imagespec/tree';
import type { Backoff } from '@/worker/backoff';
import { buildAndPush } from '@/worker/build-and-push';
import { Delivery, isOver } from '@/worker/delivery';
import { failed, failureOf } from '@/worker/failure-result';
import { keepHeartbeat } from '@/worker/heartbeat';
import { secretsOf } from '@/lib/build/job-secrets';
import type { KnownPackages } from '@/worker/packages';
import type { ReadBack } from '@/worker/read-back';
import { Reporter } from '@/worker/reporter';
import type { ServerApi } from '@/worker/server-api';
import { Spool } from '@/worker/spool';
import { type StopReason, StopSwitch } from '@/worker/stop-switch';
import { pause } from '@/worker/time-limit';
import { watchLimits } from '@/worker/watch-limits';

export type RunnerTools = {
  engine: BuildEngine;
  server: ServerApi;
  /** Where attempts are spooled. */
  dir: string;
  backoff: Backoff;
  render: (job: Job, project: ProjectTree | null) => BuildInput;
  readBack: (
    job: Job,
    pushed: { digest: string; imageId: string },
    signal: AbortSignal,
  ) => Promise<ReadBack>;
  /** What need not be read again. */
  packages: KnownPackages;
  now: () => number;
  onError: (error: unknown) => void;
};

type Result = Finish['result'];

/** An engine that was told to stop and does not gets no longer than this. */
const STOP_MS = 2_000;
const DISCARD_MS = 10_000;
/** How long a worker that shuts down tries to say so. */
const FAREWELL_MS = 4_000;

/**
 * Runs one attempt to its end and reports it: builds, pushes, reads back, finishes. It does not reject for a build that
 * failed, was cancelled, timed out or became stale; it rejects with the server's AppError when the server does not want
 * this worker any more. Credentials stay in memory. When the server cannot be told, the spool stays on disk.
 */
export async function runAttempt(
  job: Job,
  tools: RunnerTools,
  shutdown: AbortSignal,
): Promise<void> {
  const spool = Spool.create(tools.dir, job);
  const stopSwitch = new StopSwitch();
  const delivery = new Delivery(spool, tools.server, tools.backoff);
  const reporter = new Reporter({
    append: (event) => {
      try {
        spool.append(event);
        delivery.wake();
      } catch (error) {
        stopSwitch.stop(refusalOf(error));
      }
    },
    redactor: new Redactor(secretsOf(job)),
    logBytes: job.limits.logBytes,
    now: tools.now,
  });
  const onShutdown = () => stopSwitch.stop({ kind: 'shutdown' });
  if (shutdown.aborted) onShutdown();
  shutdown.addEventListener('abort', onShutdown);
  const endWatch = watchLimits(job.limits, reporter, stopSwitch, tools.now);
  const talk = startTalking(job, tools, delivery, stopSwitch);
  try {
    const result = await perform(job, tools, reporter, delivery, stopSwitch);
    endWatch();
    reporter.end();
    await talk.endSending();
    const [isTold] = await Promise.all([
      finish(result, delivery, stopSwitch, shutdown),
      discard(job, tools),
    ]);
    if (isTold) spool.remove();
  } finally {
    endWatch();
    shutdown.removeEventListener('abort', onShutdown);
    await talk.end();
    spool.close();
  }
}

/** Sends events and keeps the heartbeat in the background; what the server says reaches the switch. */
function startTalking(
  job: Job,
  { server, backoff }: RunnerTools,
  delivery: Delivery,
  stopSwitch: StopSwitch,
) {
  const sending = new AbortController();
  const beating = new AbortController();
  const refuse = (error: unknown) => stopSwitch.stop(refusalOf(error));
  const sent = delivery.run(sending.signal).catch(refuse);
  const beaten = keepHeartbeat(
    job,
    server,
    backoff,
    (wish) =>
      stopSwitch.stop({ kind: wish === 'cancel' ? 'cancelled' : 'stale' }),
    beating.signal,
  ).catch(refuse);
  const endSending = () => {
    sending.abort();
    return sent;
  };
  return {
    endSending,
    end: async () => {
      beating.abort();
      await Promise.all([endSending(), beaten]);
    },
  };
}

function refusalOf(error: unknown): StopReason {
  const refusal =
    error instanceof AppError
      ? error
      : new AppError('INTERNAL', 'The worker cannot use its spool.', {
          cause: error,
        });
  return isOver(refusal)
    ? { kind: 'stale' }
    : { kind: 'refused', error: refusal };
}

/** Builds and pushes, unless stopped; what stopped it is the result. */
async function perform(
  job: Job,
  tools: RunnerTools,
  reporter: Reporter,
  delivery: Delivery,
  stopSwitch: StopSwitch,
): Promise<Result> {
  try {
    return await Promise.race([
      buildAndPush({
        job,
        tools,
        reporter,
        delivery,
        signal: stopSwitch.signal,
      }),
      whenStuck(stopSwitch.signal),
    ]);
  } catch (error) {
    const { reason } = stopSwitch;
    if (reason?.kind === 'cancelled') return { outcome: 'cancelled' };
    if (reason?.kind === 'timed_out') {
      const { limit, step } = reason;
      return { outcome: 'timed_out', limit, step };
    }
    if (reason?.kind === 'refused') {
      tools.onError(reason.error);
      return failed('INTERNAL', 'The worker could not report the build.');
    }
    if (reason) return { outcome: 'abandoned' };
    tools.onError(error);
    return failureOf(error, reporter);
  }
}

async function whenStuck(signal: AbortSignal): Promise<never> {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await pause(STOP_MS, new AbortController().signal);
  throw new Error('The engine did not stop in time.');
}

/** An engine that does not answer keeps no result from the server. */
async function discard(job: Job, tools: RunnerTools): Promise<void> {
  const over = new AbortController();
  await Promise.race([
    tools.engine.discard(job).catch(tools.onError),
    pause(DISCARD_MS, over.signal),
  ]);
  over.abort();
}

/**
 * Tells the result; false when nobody could be told. A worker that shuts down tries for a moment only: its next start
 * says the rest.
 */
async function finish(
  result: Result,
  delivery: Delivery,
  { reason }: StopSwitch,
  shutdown: AbortSignal,
): Promise<boolean> {
  if (reason?.kind === 'stale') return true;
  const farewell = new AbortController();
  const onShutdown = () =>
    setTimeout(() => farewell.abort(), FAREWELL_MS).unref();
  if (shutdown.aborted) onShutdown();
  shutdown.addEventListener('abort', onShutdown);
  try {
    await delivery.finish(result, farewell.signal);
    return true;
  } catch (error) {
    if (!farewell.signal.aborted) throw error;
    return false;
  } finally {
    shutdown.removeEventListener('abort', onShutdown);
  }
}
