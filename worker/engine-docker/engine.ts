import Docker from 'dockerode';
import type {
  BuildEngine,
  BuildInput,
  BuildOutcome,
  EngineEvent,
} from '@/lib/build/engine';
import { answersFor } from '@/worker/buildkit/answers';
import { BuildWatch } from '@/worker/buildkit/build-watch';
import { buildImage } from '@/worker/engine-docker/build';
import { checkPlatform, pushBuilt } from '@/worker/engine-docker/built-image';
import { broke } from '@/worker/engine-docker/dial';
import { examineDocker } from '@/worker/engine-docker/examine';
import { builtName, release } from '@/worker/engine-docker/local-images';
import { openImage } from '@/worker/engine-docker/open-image';
import { probeEngine, type WantedEngine } from '@/worker/engine-docker/probe';

const STUCK =
  'The engine stopped telling what this step prints: Docker 20.10 does when a step prints more than 1 MiB at once. Update it.';

export type DockerEngineOptions = {
  connection: Docker.DockerOptions;
  /** How the connection is named to people. */
  address: string;
  addsCaCertificates: boolean;
  /** Only BuildKit will do, unless it was chosen already. */
  wanted?: WantedEngine;
  pushIdleMs?: number;
};

/** Builds with the BuildKit of a Docker engine, through the Engine API. */
export function dockerEngine(options: DockerEngineOptions): BuildEngine {
  const docker = new Docker(options.connection);
  const isLocal = options.connection.socketPath !== undefined;
  return {
    probe: () => probeEngine(docker, { wanted: 'docker', ...options }),
    build: (input, emit, signal) =>
      build(docker, input, emit, signal).catch(broke),
    push: (input, emit, signal) =>
      pushBuilt(docker, input, emit, signal, options.pushIdleMs).catch(broke),
    open: ({ job }, signal) =>
      openImage(docker, builtName(job), signal).catch(broke),
    discard: (image) => release(docker, image).catch(broke),
    examine: (request, signal) =>
      examineDocker(docker, isLocal, request, signal).catch(broke),
  };
}

async function build(
  docker: Docker,
  input: BuildInput,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const { job } = input;
  const name = builtName(job);
  const watch = new BuildWatch(emit);
  const answer = await buildImage(
    docker,
    {
      name,
      platform: job.platform,
      noCache: job.noCache,
      answers: answersFor(input),
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
