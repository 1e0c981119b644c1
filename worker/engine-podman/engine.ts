import { randomUUID } from 'node:crypto';
import type Docker from 'dockerode';
import type {
  BuildEngine,
  BuildInput,
  BuildOutcome,
  EngineEvent,
} from '@/lib/build/engine';
import type { ProjectFile } from '@/lib/imagespec/tree';
import { checkPlatform, pushBuilt } from '@/worker/engine-docker/built-image';
import { packContext } from '@/worker/engine-docker/context';
import { broke } from '@/worker/engine-docker/dial';
import { builtName, release } from '@/worker/engine-docker/local-images';
import { openImage } from '@/worker/engine-docker/open-image';
import { PodmanMessages } from '@/worker/engine-podman/messages';
import { buildInText, loginsOf } from '@/worker/text-build/request';
import { StepSequence } from '@/worker/text-build/step-sequence';

/**
 * Builds with Podman, through its version of the Engine API. Closing the connection keeps the next step from starting, but
 * the command that runs goes on to its own end.
 */
export function podmanEngine(
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
  const messages = new PodmanMessages(steps);
  const secrets = secretFiles(input.secrets ?? new Map<string, Uint8Array>());
  const answer = await buildInText(
    docker,
    {
      tar: await packContext(
        dockerfile,
        new Map([...context, ...secrets.files]),
      ),
      name: builtName(job),
      noCache: job.noCache,
      logins: await loginsOf(input),
      query: { secrets: JSON.stringify(secrets.options) },
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

/** Secrets travel as files of the context. Podman takes them out before it builds, from the top folder only. */
function secretFiles(secrets: ReadonlyMap<string, Uint8Array>) {
  const files = new Map<string, ProjectFile>();
  const options: string[] = [];
  for (const [id, bytes] of secrets) {
    const name = `imageyard-secret-${randomUUID()}`;
    files.set(name, { bytes: Buffer.from(bytes), isExecutable: false });
    options.push(`id=${id},src=${name}`);
  }
  return { files, options };
}
