import type Docker from 'dockerode';
import type {
  BuildInput,
  BuildOutcome,
  EngineEvent,
  PushOutcome,
} from '@/lib/build/engine';
import { nameForPush } from '@/worker/engine-docker/local-images';
import { programArchitecture } from '@/worker/engine-docker/platform';
import { pushImage } from '@/worker/engine-docker/push';
import { PUSH_IDLE_MS, pushAsStep } from '@/worker/push-step';
import { credentialFor, registryAuth } from '@/worker/registry-logins';

/** The outcome of a build that made an image: it must be of the platform that was asked for, programs included. */
export async function checkPlatform(
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

/** Pushes what an attempt built, as a step of it. */
export async function pushBuilt(
  docker: Docker,
  { job }: BuildInput,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
  idleMs: number = PUSH_IDLE_MS,
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
