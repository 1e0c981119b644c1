import type Docker from 'dockerode';
import type {
  BuildEngine,
  BuildInput,
  BuildOutcome,
  EngineEvent,
} from '@/lib/build/engine';
import { checkPlatform, pushBuilt } from '@/worker/engine-docker/built-image';
import { packContext } from '@/worker/engine-docker/context';
import { broke } from '@/worker/engine-docker/dial';
import { builtName, release } from '@/worker/engine-docker/local-images';
import { openImage } from '@/worker/engine-docker/open-image';
import { ClassicMessages } from '@/worker/engine-docker-classic/messages';
import { buildInText, loginsOf } from '@/worker/text-build/request';
import { StepSequence } from '@/worker/text-build/step-sequence';

/** Builds with what Docker had before BuildKit. A build it cannot do is to be refused before it comes here. */
export function classicEngine(
  docker: Docker,
): Omit<BuildEngine, 'probe' | 'examine'> {
  return {
    build: (input, emit, signal) =>
      build(docker, input, emit, signal).catch(broke),
    push: (input, emit, signal) =>
      pushBuilt(docker, input, emit, signal).catch(broke),
    open: ({ job }, signal) =>
      openImage(docker, builtName(job), signal).catch(broke),
    discard: (image) => release(docker, image).catch(broke),
  };
}

async function build(
  docker: Docker,
  input: BuildInput,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const { job, dockerfile, context } = input;
  const steps = new StepSequence(emit, Date.now);
  const messages = new ClassicMessages(steps);
  const answer = await buildInText(
    docker,
    {
      tar: await packContext(dockerfile, context),
      name: builtName(job),
      noCache: job.noCache,
      logins: await loginsOf(input),
    },
    (message) => messages.read(message),
    signal,
  );
  if ('error' in answer) {
    const failure = steps.failed(answer.error, answer.exitCode, job);
    return { ok: false, failure };
  }
  steps.done();
  return checkPlatform(docker, builtName(job), job.platform, answer.imageId);
}
