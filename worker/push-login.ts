import type { EngineEvent, EngineStep } from '@/lib/build/engine';
import type { Failure, Job, LoginAnswer } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { type Backoff, untilServed } from '@/worker/backoff';
import { normalHost } from '@/worker/registry-logins';
import { type ServerApi, ServerAway } from '@/worker/server-api';
import { withTimeLimit } from '@/worker/time-limit';

/** A cloud that is out of order may be back in minutes, and a finished build is worth that wait. */
const PATIENCE_MS = 10 * 60_000;

export type FreshLogin = {
  /** The job, with the login made now in the place of the one it came with. */
  job: Job;
  /** What the log shows of it. */
  events: EngineEvent[];
  repository: LoginAnswer['repository'];
};

/**
 * Asks for the login of the push, right before it: the one that came with the job may have ended while it was built. Throws
 * BUILD_LOGIN_FAILED when none can be had.
 */
export async function fetchPushLogin(
  job: Job,
  server: ServerApi,
  backoff: Backoff,
  signal: AbortSignal,
): Promise<FreshLogin> {
  const { host } = job.target;
  const { credential, repository } = await withTimeLimit(
    PATIENCE_MS,
    signal,
    (limit) =>
      untilServed(backoff, limit, () =>
        server.login(job, { host: null }, limit),
      ),
  ).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof ServerAway)) throw error;
    throw new AppError(
      'BUILD_LOGIN_FAILED',
      `No login for ${host} could be had in ten minutes.`,
      { cause: error },
    );
  });
  const others = job.credentials.filter(
    (each) => normalHost(each.host) !== normalHost(host),
  );
  return {
    job: {
      ...job,
      credentials: [...(credential ? [credential] : []), ...others],
    },
    events: repository ? noteEvents(host, repository.note) : [],
    repository,
  };
}

/** A push that found no repository tells why there was none. */
export function explain(
  failure: Failure,
  { repository }: Pick<FreshLogin, 'repository'>,
): Failure {
  if (!repository || repository.isReady) return failure;
  return { ...failure, message: `${failure.message} ${repository.note}` };
}

function noteEvents(host: string, note: string): EngineEvent[] {
  const at = Date.now();
  const step: EngineStep = {
    key: 'repository',
    parents: [],
    stage: '',
    name: `repository at ${host}`,
    state: 'done',
    cached: false,
    startedAt: at,
    completedAt: at,
    error: null,
    exitCode: null,
  };
  return [
    { kind: 'step', step: { ...step, state: 'running', completedAt: null } },
    {
      kind: 'output',
      step: step.key,
      stream: 'stdout',
      bytes: Buffer.from(`${note}\n`),
      at,
    },
    { kind: 'step', step },
  ];
}
