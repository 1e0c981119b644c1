import type Docker from 'dockerode';
import type { BuiltImage } from '@/lib/build/engine';
import { EngineAnswerError, engineError } from '@/worker/engine-docker/dial';
import { removeStill } from '@/worker/engine-docker/still-container';

/** The local name of what an attempt built; no other image has it. */
export function builtName(image: BuiltImage): string {
  return `imageyard-build:${image.buildId}-${image.attempt}`;
}

/** Where an image of the engine's own waits while an attempt borrows its name for the push. */
function keptName(image: BuiltImage): string {
  return `imageyard-kept:${image.buildId}-${image.attempt}`;
}

function targetName({ target }: BuiltImage): string {
  return `${target.host}/${target.repository}:${target.tag}`;
}

/**
 * Gives the built image the name it is pushed by. An engine pushes only by a local name, so an image that has this name
 * already is kept under another until `release`.
 */
export async function nameForPush(
  docker: Docker,
  image: BuiltImage,
): Promise<void> {
  if ((await imageId(docker, targetName(image))) !== null) {
    await tag(docker, targetName(image), keptName(image));
  }
  await tag(docker, builtName(image), targetName(image));
}

/**
 * Takes away every name an attempt made on the engine, and with it the image; a name it borrowed goes back to its
 * owner. Layers stay in the build cache. Safe to call again, also after a crash.
 */
export async function release(
  docker: Docker,
  image: BuiltImage,
): Promise<void> {
  await removeStill(docker, builtName(image));
  const [built, target, kept] = await Promise.all(
    [builtName(image), targetName(image), keptName(image)].map((name) =>
      imageId(docker, name),
    ),
  );
  if (kept !== null) {
    await tag(docker, keptName(image), targetName(image));
    await remove(docker, keptName(image));
  } else if (built !== null && target === built) {
    await remove(docker, targetName(image));
  }
  if (built === null) return;
  for (const name of await pushedNames(docker, image)) {
    await remove(docker, name);
  }
  await remove(docker, builtName(image));
}

/**
 * The `repository@digest` names that a push gave the built image, which would keep it alive. None when the image has a
 * name beside ours: then it was there before, from the same cached layers.
 */
async function pushedNames(
  docker: Docker,
  image: BuiltImage,
): Promise<string[]> {
  const { RepoTags, RepoDigests } = await inspect(docker, builtName(image));
  if (RepoTags.length > 1) return [];
  const { host, repository } = image.target;
  return RepoDigests.filter((name) =>
    name.startsWith(`${host}/${repository}@`),
  );
}

async function inspect(
  docker: Docker,
  name: string,
): Promise<{ Id: string; RepoTags: string[]; RepoDigests: string[] }> {
  try {
    const { Id, RepoTags, RepoDigests } = await docker.getImage(name).inspect();
    return { Id, RepoTags: RepoTags ?? [], RepoDigests: RepoDigests ?? [] };
  } catch (error) {
    throw engineError(error);
  }
}

/** The id of a local image, `null` when there is none of that name. */
async function imageId(docker: Docker, name: string): Promise<string | null> {
  try {
    return (await inspect(docker, name)).Id;
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

async function tag(docker: Docker, from: string, to: string): Promise<void> {
  const at = to.lastIndexOf(':');
  try {
    await docker
      .getImage(from)
      .tag({ repo: to.slice(0, at), tag: to.slice(at + 1) });
  } catch (error) {
    throw engineError(error);
  }
}

async function remove(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getImage(name).remove({ noprune: true });
  } catch (error) {
    // 409: a container uses it, so it is somebody's.
    const known = engineError(error);
    const isSettled =
      known instanceof EngineAnswerError && [404, 409].includes(known.status);
    if (!isSettled) throw known;
  }
}

function isNotFound(error: unknown): boolean {
  const known = engineError(error);
  return known instanceof EngineAnswerError && known.status === 404;
}
