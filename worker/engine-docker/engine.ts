import Docker from 'dockerode';
import type {
  BuildEngine,
  BuildInput,
  BuildOutcome,
  EngineEvent,
  PushOutcome,
} from '@/lib/build/engine';
import { AppError } from '@/lib/errors';
import { BuildWatch } from '@/worker/buildkit/build-watch';
import { buildImage } from '@/worker/engine-docker/build';
import { packContext } from '@/worker/engine-docker/context';
import {
  credentialFor,
  registryAuth,
  sessionCredential,
} from '@/worker/registry-logins';
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
import { PUSH_IDLE_MS, pushAsStep } from '@/worker/push-step';

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
  const watch = new BuildWatch(emit);
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
      onTrace: (trace) => watch.see(trace),
      onStuck: () => watch.clip(STUCK),
    },
    signal,
  );
  if (answer.error !== null || answer.imageId === null) {
    const text = answer.error ?? 'the engine named no image';
    return { ok: false, failure: watch.failure(text, job) };
  }
  return checkPlatform(docker, name, job.platform, answer.imageId);
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
  return pushAsStep(job, emit, signal, async (progress) => {
    await nameForPush(docker, job);
    return pushImage(
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
  });
}
