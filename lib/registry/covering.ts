import { readReference } from './reference';

/** Where a registry keeps images: its host, and the path below it that they go under (`''` for none). */
export type Place = { host: string; namespace: string };

/** A repository by its host and the path below it. */
export type Repository = { host: string; path: string };

/** What names of images in this place begin with; also what flytekit's `registry` is for it. */
export function formatPlace({ host, namespace }: Place): string {
  return namespace === '' ? host : `${host}/${namespace}`;
}

/** Whether the repository `host/path` lies in this place. */
export function isInPlace(place: Place, repository: Repository): boolean {
  return (
    place.host === repository.host && isBelow(place.namespace, repository.path)
  );
}

/** Of the team's registries, the one that keeps this repository. See `coveringRegistry`. */
export function findRegistry<T extends Place & { archivedAt: unknown }>(
  registries: readonly T[],
  repository: Repository,
): T | undefined {
  return coveringRegistry(
    registries.filter(({ host }) => host === repository.host),
    repository.path,
  );
}

/**
 * Of registries on one host, the one whose namespace is the longest that covers the path; any live one before an
 * archived one.
 */
export function coveringRegistry<
  T extends { namespace: string; archivedAt: unknown },
>(candidates: readonly T[], path: string): T | undefined {
  return candidates
    .filter(({ namespace }) => isBelow(namespace, path))
    .sort(
      (a, b) =>
        Number(a.archivedAt !== null) - Number(b.archivedAt !== null) ||
        b.namespace.length - a.namespace.length,
    )[0];
}

/** Whether a path lies in a namespace; the empty one holds everything. */
export function isBelow(namespace: string, path: string): boolean {
  return (
    namespace === '' || path === namespace || path.startsWith(`${namespace}/`)
  );
}

/** Host and path of an image's name as people write it (`redis` is `docker.io` and `library/redis`), or `null`. */
export function readRepository(name: string): Repository | null {
  const reading = readReference(name, 'familiar');
  return reading.ok && reading.domain !== null
    ? { host: reading.domain, path: reading.path }
    : null;
}
