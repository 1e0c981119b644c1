import type { BuildInput, EngineEvent } from '@/lib/build/engine';
import type { Failure, Finish, Job } from '@/lib/build/protocol';
import type { Delivery } from '@/worker/delivery';
import { fitted, readyEngine, tellingWhatRunsOn } from '@/worker/engine-limits';
import { secretsOf } from '@/lib/build/job-secrets';
import { keepLogins } from '@/worker/logins';
import { type Look, lookInside } from '@/worker/look-inside';
import { fetchProject } from '@/worker/project-files';
import { explain, fetchPushLogin } from '@/worker/push-login';
import type { Reporter } from '@/worker/reporter';
import type { RunnerTools } from '@/worker/runner';
import { withTimeLimit } from '@/worker/time-limit';

type Result = Finish['result'];

/** One attempt that runs: its job, and what it is told through. */
export type Run = {
  job: Job;
  tools: RunnerTools;
  reporter: Reporter;
  delivery: Delivery;
  /** Aborts when the attempt is to stop. */
  signal: AbortSignal;
};

const READ_BACK_MS = 30_000;
/** How long a pushed image is still read for its packages; all the time of the push comes before. */
const LOOK_AFTER_PUSH_MS = 30_000;

/**
 * Builds the image of a job, pushes it, reads it back, and reads beside the push what is inside. Rejects when the engine
 * broke, or `signal` aborted.
 */
export async function buildAndPush(run: Run): Promise<Result> {
  const { job, tools, reporter, delivery, signal } = run;
  const { server, backoff } = tools;
  const project = await fetchProject(job, server, backoff, signal);
  const engine = await readyEngine(tools.engine);
  const input = fitted(tools.render(job, project), engine);
  reporter.state('building');
  reporter.dockerfile(input.dockerfile);
  const logins = keepLogins(job, {
    server,
    now: tools.now,
    conceal: (secrets) => reporter.conceal(secrets),
    signal,
  });
  const built = await tellingWhatRunsOn(engine, reporter, signal, () =>
    tools.engine.build({ ...input, logins }, emitterOf(run), signal),
  );
  if (!built.ok) return failed(reporter.failure(built.failure));
  signal.throwIfAborted();
  reporter.state('pushing');
  // Should this worker die, the server must know that the registry may have changed.
  await delivery.untilDelivered(signal);
  const look = lookInside({ ...input, logins }, built.imageId, tools, signal);
  try {
    return await push(run, input, built, look);
  } finally {
    // The image is removed next, and an open look would hold it.
    look.stop();
    await look.found;
  }
}

async function push(
  run: Run,
  input: BuildInput,
  built: { imageId: string; platform: string },
  look: Look,
): Promise<Result> {
  const { job, tools, reporter, signal } = run;
  const emit = emitterOf(run);
  const login = await fetchPushLogin(job, tools.server, tools.backoff, signal);
  reporter.conceal(secretsOf(login.job));
  for (const event of login.events) emit(event);
  const pushed = await tools.engine.push(
    { ...input, job: login.job },
    emit,
    signal,
  );
  if (!pushed.ok)
    return failed(reporter.failure(explain(pushed.failure, login)));
  // From here on the registry holds the image: a stop comes too late to change that.
  const { digest } = pushed;
  const seen = await withTimeLimit(READ_BACK_MS, signal, (limit) =>
    tools.readBack(login.job, { digest, imageId: built.imageId }, limit),
  ).catch(() => 'unknown' as const);
  if (seen === 'contradicted') {
    return failed({
      code: 'BUILD_DIGEST_MISMATCH',
      message: `${job.target.host} does not hold the image that was built here.`,
      step: null,
      exitCode: null,
    });
  }
  const packages = await look.within(LOOK_AFTER_PUSH_MS, signal);
  if (packages) reporter.packages(packages);
  return {
    outcome: 'pushed',
    digest,
    platform: built.platform,
    readBack: seen === 'confirmed',
  };
}

/** An engine that lags behind a stop has nothing more to say. */
function emitterOf({ reporter, signal }: Run): (event: EngineEvent) => void {
  return (event) => {
    if (!signal.aborted) reporter.engine(event);
  };
}

function failed(failure: Failure): Result {
  return { outcome: 'failed', failure };
}
