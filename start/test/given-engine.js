import { askEngine } from './engine-api.js';

/** What must be known of a given engine before a run uses it, so that only what the run brings there is removed. */
export async function describeGivenEngine(host, registries) {
  const { Version: version } = await askEngine(host, '/version');
  return {
    host,
    version,
    registryHosts: Object.values(registries).map((registry) => registry.host),
    cacheBefore: await cacheIds(host),
  };
}

/**
 * Removes from a given engine what a run brought there: containers and images
 * named after its registries (their ports are its own), and new build cache.
 * Rejects when some of it is still there afterwards.
 */
export async function cleanGivenEngine(given) {
  const remove = (pathname, method = 'DELETE') =>
    askEngine(given.host, pathname, method).catch(() => {});
  const { containers, images, cache } = await findOurs(given);
  for (const id of containers) await remove(`/containers/${id}?force=1&v=1`);
  for (const name of images) await remove(`/images/${name}?force=1`);
  for (const id of cache) {
    const filters = encodeURIComponent(JSON.stringify({ id: [id] }));
    await remove(`/build/prune?all=1&filters=${filters}`, 'POST');
  }
  const left = Object.values(await findOurs(given)).flat();
  if (left.length > 0)
    throw new Error(`Left on the engine ${given.host}: ${left.join(', ')}`);
}

async function findOurs({ host, registryHosts, cacheBefore }) {
  const isOurs = (name) =>
    registryHosts.some((registry) => name.startsWith(`${registry}/`));
  const containers = await askEngine(host, '/containers/json?all=1');
  const images = await askEngine(host, '/images/json');
  return {
    containers: containers
      .filter(({ Image }) => isOurs(Image))
      .map(({ Id }) => Id),
    images: images
      .flatMap(({ RepoTags, RepoDigests }) => [
        ...(RepoTags ?? []),
        ...(RepoDigests ?? []),
      ])
      .filter(isOurs),
    cache: (await cacheIds(host)).filter((id) => !cacheBefore.includes(id)),
  };
}

async function cacheIds(host) {
  const { BuildCache } = await askEngine(host, '/system/df');
  return (BuildCache ?? []).map(({ ID }) => ID);
}
