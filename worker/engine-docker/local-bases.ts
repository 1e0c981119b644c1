import type Docker from 'dockerode';
import type { EngineStep } from '@/lib/build/engine';
import { parseReference } from '@/lib/registry/reference';
import { EngineAnswerError, engineError } from '@/worker/engine-docker/dial';

const BARE_FROM = /^FROM ([^\s@]+)$/;

/**
 * The steps that began from an image of the engine's own, named with its digest as the others are. An engine that has a
 * base takes it without asking the registry, and does not say which one it is; where it came from a registry, it knows.
 */
export async function nameLocalBases(
  docker: Docker,
  steps: readonly EngineStep[],
): Promise<EngineStep[]> {
  const named: EngineStep[] = [];
  for (const step of steps) {
    const reference = BARE_FROM.exec(step.name)?.[1];
    const digest = reference && (await localDigest(docker, reference));
    if (digest) named.push({ ...step, name: `${step.name}@${digest}` });
  }
  return named;
}

async function localDigest(
  docker: Docker,
  image: string,
): Promise<string | null> {
  const wanted = parseReference(image);
  for (const name of await repoDigests(docker, image)) {
    const { registry, repository, digest } = parseReference(name);
    if (registry === wanted.registry && repository === wanted.repository)
      return digest ?? null;
  }
  return null;
}

async function repoDigests(docker: Docker, image: string): Promise<string[]> {
  try {
    return (await docker.getImage(image).inspect()).RepoDigests ?? [];
  } catch (error) {
    const known = engineError(error);
    if (known instanceof EngineAnswerError && known.status === 404) return [];
    throw known;
  }
}
