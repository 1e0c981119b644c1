import type { FetchedManifest, RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import { OCI_INDEX } from '@/lib/registry/media-types';
import { digestOf } from './digest';
import { type Referrer, referrersTag } from './list-referrers';

/**
 * Writes a referrer into the list that clients keep under a tag where the registry has no referrers API
 * (distribution-spec, pushing manifests with subject). Adding it twice is adding it once.
 */
export async function addReferrer(
  to: { client: RegistryClient; repository: string },
  subject: string,
  fetched: FetchedManifest,
  signal?: AbortSignal,
): Promise<void> {
  const { client, repository } = to;
  const { referrers } = await client.listReferrers(
    repository,
    subject,
    'tag',
    signal,
  );
  if (referrers.some(({ digest }) => digest === fetched.digest)) return;
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [...referrers, toReferrer(fetched)].map(toDescriptor),
    }),
  );
  await client.putManifest(
    repository,
    referrersTag(subject),
    { bytes, mediaType: OCI_INDEX },
    digestOf(bytes),
    signal,
  );
}

function toReferrer({ digest, bytes, mediaType, manifest }: FetchedManifest) {
  if (!('subject' in manifest))
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      'What has no subject refers to nothing.',
    );
  const type =
    manifest.artifactType ??
    (manifest.kind === 'image' ? manifest.config.mediaType : null) ??
    (manifest.kind === 'artifact' ? manifest.mediaType : null);
  return {
    digest,
    mediaType,
    sizeBytes: bytes.length,
    artifactType: type,
    annotations: manifest.annotations,
  };
}

function toDescriptor(one: Referrer) {
  return {
    mediaType: one.mediaType,
    digest: one.digest,
    size: one.sizeBytes,
    ...(one.artifactType === null ? {} : { artifactType: one.artifactType }),
    ...(Object.keys(one.annotations).length === 0
      ? {}
      : { annotations: one.annotations }),
  };
}
