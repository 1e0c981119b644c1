import Docker from 'dockerode';
import type {
  BuildEngine,
  BuildInput,
  BuildOutcome,
  EngineEvent,
  EngineStep,
  PushOutcome,
} from '@/lib/build/engine';
import { classifyBuildFailure, classifyPushFailure } from '@/lib/build/failure';
import { AppError } from '@/lib/errors';
import { type BuildAnswer, buildImage } from '@/worker/engine-docker/build';
import { packContext } from '@/worker/engine-docker/context';
import {
  credentialFor,
  registryAuth,
  sessionCredential,
} from '@/worker/engine-docker/credentials';
import { engineError } from '@/worker/engine-docker/dial';
import { examineDocker } from '@/worker/engine-docker/examine';
import {
  builtName,
  nameForPush,
  release,
} from '@/worker/engine-docker/local-images';
import { openImage } from '@/worker/engine-docker/open-image';
import { programArchitecture } from '@/worker/engine-docker/platform';
import { probeEngine } from '@/worker/engine-docker/probe';
import { pushImage } from '@/worker/engine-docker/push';
import { PushProgress } from '@/worker/engine-docker/push-progress';
import { StepTracker } from '@/worker/engine-docker/steps';

/** A registry that says nothing for this long is given up. */
const PUSH_IDLE_MS = 5 * 60_000;
const LAST_LINES_BYTES = 16 * 1024;
const STUCK =
  'The engine stopped telling what this step prints: Docker 20.10 does when a step prints more than 1 MiB at once. Update it.';

export type DockerEngineOptions = {
  connection: Docker.DockerOptions;
  /** How the connection is named to people. */
  address: string;
  addsCaCertificates: boolean;
  pushIdleMs?: number;
};

/** Builds with the BuildKit of a Docker engine, through the Engine API. */
export function dockerEngine(options: DockerEngineOptions): BuildEngine {
  const docker = new Docker(options.connection);
  const isLocal = options.connection.socketPath !== undefined;
  return {
    probe: () =>
      probeEngine(docker, options.address, options.addsCaCertificates),
    build: (input, emit, signal) =>
      build(docker, input, emit, signal).catch(broke),
    push: (input, emit, signal) =>
      push(
        docker,
        input,
        emit,
        signal,
        options.pushIdleMs ?? PUSH_IDLE_MS,
      ).catch(broke),
    open: (image, signal) =>
      openImage(docker, builtName(image), signal).catch(broke),
    discard: (image) => release(docker, image).catch(broke),
    examine: (request, signal) =>
      examineDocker(docker, isLocal, request, signal).catch(broke),
  };
}

/** Whatever an engine does wrong is one of its two AppErrors. */
function broke(error: unknown): never {
  const known = engineError(error);
  if (known instanceof AppError) throw known;
  throw new AppError('ENGINE_FAILED', 'The container engine failed.', {
    cause: known,
  });
}

async function build(
  docker: Docker,
  { job, dockerfile, context, secrets, logins }: BuildInput,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const name = builtName(job);
  const tracker = new StepTracker();
  const tails = new OutputTails();
  const answer = await buildImage(
    docker,
    {
      tar: await packContext(dockerfile, context),
      name,
      platform: job.platform,
      noCache: job.noCache,
      answers: {
        credential: async (host) =>
          sessionCredential(
            logins ? await logins(host) : credentialFor(job.credentials, host),
          ),
        secret: (id) => secrets?.get(id),
      },
    },
    {
      onTrace: (trace) => {
        for (const event of tracker.apply(trace)) {
          if (event.kind === 'output') tails.add(event.step, event.bytes);
          emit(event);
        }
      },
      onStuck: () => {
        for (const step of tracker.running()) {
          emit({ kind: 'clipped', step, reason: STUCK });
        }
      },
    },
    signal,
  );
  if (answer.error !== null || answer.imageId === null) {
    const mounts = job.spec.pip_secret_mounts ?? [];
    const secretNames = mounts.map(([source]) => source);
    return {
      ok: false,
      failure: failureOf(answer, tracker, tails, secretNames),
    };
  }
  return checkPlatform(docker, name, job.platform, answer.imageId);
}

function failureOf(
  answer: BuildAnswer,
  tracker: StepTracker,
  tails: OutputTails,
  secrets: readonly string[],
) {
  const text = answer.error ?? 'the engine named no image';
  const step = tracker.culprit(text);
  return classifyBuildFailure({
    text,
    step,
    lastLines: step ? tails.lines(step.key) : [],
    secrets,
  });
}

async function checkPlatform(
  docker: Docker,
  name: string,
  platform: string,
  imageId: string,
): Promise<BuildOutcome> {
  const { Os, Architecture } = await docker.getImage(name).inspect();
  const [os, architecture] = platform.split('/');
  const programs = await programArchitecture(docker, name);
  const isRight =
    Os === os &&
    Architecture === architecture &&
    (programs === null || programs === architecture);
  if (isRight) return { ok: true, imageId, platform };
  const message = `The base image is for ${Os}/${programs ?? Architecture}, not for ${platform}.`;
  return {
    ok: false,
    failure: {
      code: 'BUILD_PLATFORM_MISMATCH',
      message,
      step: null,
      exitCode: null,
    },
  };
}

async function push(
  docker: Docker,
  { job }: BuildInput,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
  idleMs: number,
): Promise<PushOutcome> {
  const { host, repository, tag } = job.target;
  const step: EngineStep = {
    key: 'push',
    parents: [],
    stage: '',
    name: `push to ${host}/${repository}:${tag}`,
    state: 'running',
    cached: false,
    startedAt: Date.now(),
    completedAt: null,
    error: null,
    exitCode: null,
  };
  emit({ kind: 'step', step });
  await nameForPush(docker, job);
  const progress = new PushProgress(step.key, emit);
  const answer = await pushImage(
    docker,
    {
      repository: `${host}/${repository}`,
      tag,
      auth: registryAuth(credentialFor(job.credentials, host)),
      idleMs,
    },
    (tick) => progress.tell(tick, Date.now()),
    signal,
  );
  if (signal.aborted && 'error' in answer) {
    throw new AppError('ENGINE_FAILED', 'The push was stopped.');
  }
  const error = 'error' in answer ? answer.error : null;
  emit({
    kind: 'step',
    step: {
      ...step,
      state: error === null ? 'done' : 'failed',
      completedAt: Date.now(),
      error,
    },
  });
  return 'error' in answer
    ? { ok: false, failure: classifyPushFailure(answer.error, host, step.key) }
    : { ok: true, digest: answer.digest, sizeBytes: null };
}

/** The last output of each step, for the reason of a failure. */
class OutputTails {
  #tails = new Map<string, Buffer>();

  add(step: string, bytes: Uint8Array): void {
    const whole = Buffer.concat([
      this.#tails.get(step) ?? Buffer.alloc(0),
      bytes,
    ]);
    this.#tails.set(step, whole.subarray(-LAST_LINES_BYTES));
  }

  lines(step: string): string[] {
    return (this.#tails.get(step)?.toString('utf8') ?? '').split(/\r?\n/);
  }
}
