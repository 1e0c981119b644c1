import { digestOf } from './client/digest';
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX } from './media-types';
import type { Platform } from './platform';

/** An image of one platform, as an index names it. */
export type IndexEntry = {
  mediaType: string;
  digest: string;
  sizeBytes: number;
  platform: Platform;
};

/**
 * Writes the index of images that are in one repository (image-spec, image-index.md), or a manifest list when each of them
 * is of Docker's own format. The same images in the same order give the same bytes.
 */
export function writeIndex(entries: readonly IndexEntry[]): {
  bytes: Buffer;
  mediaType: string;
  digest: string;
} {
  const isDocker = entries.every((one) => one.mediaType === DOCKER_MANIFEST);
  const mediaType = isDocker ? DOCKER_LIST : OCI_INDEX;
  const manifests = entries.map((one) => ({
    mediaType: one.mediaType,
    digest: one.digest,
    size: one.sizeBytes,
    platform: toWire(one.platform),
  }));
  const body = { schemaVersion: 2, mediaType, manifests };
  const bytes = Buffer.from(JSON.stringify(body));
  return { bytes, mediaType, digest: digestOf(bytes) };
}

/** For arm the variant is always written: without one, clients differ in what they take it for. */
function toWire({ os, architecture, variant }: Platform) {
  const written = variant ?? (architecture === 'arm' ? 'v7' : undefined);
  return {
    architecture,
    os,
    ...(written === undefined ? {} : { variant: written }),
  };
}
