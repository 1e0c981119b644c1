export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const DOCKER_LIST =
  'application/vnd.docker.distribution.manifest.list.v2+json';
export const DOCKER_MANIFEST =
  'application/vnd.docker.distribution.manifest.v2+json';
export const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';

const SCHEMA1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+/;
const FOREIGN_LAYER = /\.(?:foreign\.diff|nondistributable)\./;

/**
 * The `Accept` of every manifest request. All four are always named: a registry that is not asked for the index type
 * answers 404 for an image that is one, or the digest of one platform's manifest.
 */
export const MANIFEST_ACCEPT = [
  OCI_INDEX,
  OCI_MANIFEST,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  '*/*;q=0.1',
].join(', ');

/** The media type of a `Content-Type` header: no parameters, lower case. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isIndexType(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

export function isImageManifestType(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

export function isImageConfigType(mediaType: string): boolean {
  return mediaType === OCI_CONFIG || mediaType === DOCKER_CONFIG;
}

/** Docker's first manifest format, which containerd no longer pulls. */
export function isSchema1Type(mediaType: string): boolean {
  return SCHEMA1.test(mediaType);
}

/** Layers that a registry may not hold at all; their `urls` are never fetched. */
export function isForeignLayer(mediaType: string): boolean {
  return FOREIGN_LAYER.test(mediaType);
}
