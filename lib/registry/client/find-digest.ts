import type { RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';

export type RepositoryPlace = { client: RegistryClient; repository: string };

/** What a tag or digest points to; `null` when it is not there. Throws RegistryError for anything else. */
export async function findDigest(
  { client, repository }: RepositoryPlace,
  reference: string,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    return (await client.headManifest(repository, reference, signal)).digest;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'REGISTRY_NOT_FOUND')
      return null;
    throw error;
  }
}
