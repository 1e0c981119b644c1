import { AppError } from '@/lib/errors';
import type { RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import { type IndexEntry, writeIndex } from '@/lib/registry/index-manifest';
import { inventoryImage, readConfig } from '@/lib/registry/manifest';
import { unfitFor } from '@/lib/registry/platform';

type Place = { client: RegistryClient; repository: string };

/**
 * Puts the index of images that are in the repository already under a tag, and gives its digest. Each is read first: what it
 * is for stands in its config, not in what it is called. Doing it again puts the same bytes. Throws RegistryError;
 * BUILD_PLATFORM_MISMATCH when an image is for another platform than it is to be named for.
 */
export async function putIndex(
  place: Place & { tag: string },
  images: readonly { platform: string; digest: string }[],
): Promise<string> {
  const { client, repository, tag } = place;
  const entries: IndexEntry[] = [];
  for (const image of images) entries.push(await readEntry(place, image));
  const index = writeIndex(entries);
  await client.putManifest(repository, tag, index, index.digest);
  return index.digest;
}

async function readEntry(
  { client, repository }: Place,
  { platform, digest }: { platform: string; digest: string },
): Promise<IndexEntry> {
  const { manifest, mediaType, bytes } = await client.getManifest(
    repository,
    digest,
  );
  const config =
    manifest.kind === 'image'
      ? readConfig(
          (await client.getBlob(repository, manifest.config.digest)).toString(
            'utf8',
          ),
        )
      : null;
  if (manifest.kind !== 'image' || !config)
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      'This is not a container image.',
    );
  const image = inventoryImage(manifest, config);
  const unfit = unfitFor(platform, image);
  if (unfit !== null) throw new AppError('BUILD_PLATFORM_MISMATCH', unfit);
  return {
    mediaType,
    digest,
    sizeBytes: bytes.length,
    platform: image.platform,
  };
}
