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
 */
export async function cleanGivenEngine({ host, registryHosts, cacheBefore }) {
  const isOurs = (name) =>
    registryHosts.some((registry) => name.startsWith(`${registry}/`));
  const remove = (pathname) =>
    askEngine(host, pathname, 'DELETE').catch(() => {});
  for (const { Id, Image } of await askEngine(host, '/containers/json?all=1'))
    if (isOurs(Image)) await remove(`/containers/${Id}?force=1&v=1`);
  for (const { RepoTags, RepoDigests } of await askEngine(host, '/images/json'))
    for (const name of [...(RepoTags ?? []), ...(RepoDigests ?? [])])
      if (isOurs(name)) await remove(`/images/${name}?force=1`);
  const added = (await cacheIds(host)).filter(
    (id) => !cacheBefore.includes(id),
  );
  for (const id of added) {
    const filters = encodeURIComponent(JSON.stringify({ id: [id] }));
    await askEngine(
      host,
      `/build/prune?all=1&filters=${filters}`,
      'POST',
    ).catch(() => {});
  }
}

async function cacheIds(host) {
  const { BuildCache } = await askEngine(host, '/system/df');
  return (BuildCache ?? []).map(({ ID }) => ID);
}
