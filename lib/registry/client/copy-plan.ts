import type { FetchedManifest, RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import type { Blob } from '@/lib/registry/manifest';
import { toManifestKind } from '@/lib/registry/manifest-facts';
import { isForeignLayer } from '@/lib/registry/media-types';
import { findCosignTags } from './cosign-tags';
import type { ReferrerWay } from './list-referrers';

const MAX_MANIFESTS = 500;
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
const MAX_DEPTH = 4;

export type CopySource = {
  client: RegistryClient;
  repository: string;
  /** The digest to copy. */
  digest: string;
};

/** All of an image: what must be there before what. */
export type CopyPlan = {
  /** Parts before the index that names them, a subject before what refers to it; the image itself is `top`. */
  manifests: FetchedManifest[];
  top: FetchedManifest;
  /** How many of them refer to the image or to a part of it. */
  referrers: number;
  /** Tags of cosign's among them, each with what it points to. */
  tags: { tag: string; digest: string }[];
  /** Each once. */
  blobs: Blob[];
  /** Layers that a registry may not hold: named by the manifests, never sent. */
  foreignLayers: string[];
};

/**
 * Reads every manifest of an image from its source, each checked against its digest: index, parts, attestations and,
 * with `withReferrers`, what refers to any of them, by the registry's list or by a tag of cosign's. Throws `REGISTRY_NOT_FOUND` when an index names a part that the
 * source does not have: the copy would be broken as the original is.
 */
export async function planCopy(
  source: CopySource,
  withReferrers: boolean,
  signal?: AbortSignal,
): Promise<CopyPlan> {
  const manifests: FetchedManifest[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  let way: ReferrerWay | null = null;
  const tags: CopyPlan['tags'] = [];
  let referrers = 0;

  const read = async (digest: string): Promise<FetchedManifest> => {
    const { client, repository } = source;
    const fetched = await client.getManifest(repository, digest, signal);
    bytes += fetched.bytes.length;
    if (seen.size > MAX_MANIFESTS || bytes > MAX_MANIFEST_BYTES) {
      throw new RegistryError(
        'REGISTRY_INVALID_ANSWER',
        `This image has more than ${String(MAX_MANIFESTS)} manifests. Copy its parts one by one.`,
      );
    }
    return fetched;
  };

  const visit = async (
    digest: string,
    index: string | null,
    depth: number,
  ): Promise<FetchedManifest | null> => {
    if (seen.has(digest) || depth > MAX_DEPTH) return null;
    seen.add(digest);
    const fetched = await read(digest).catch((error: unknown) => {
      throw index === null ? error : missingPart(error, index, digest);
    });
    const { manifest } = fetched;
    if (manifest.kind === 'schema1' || manifest.kind === 'invalid') {
      throw new RegistryError(
        'REGISTRY_INVALID_ANSWER',
        manifest.kind === 'invalid'
          ? manifest.reason
          : 'This image is in the retired schema 1 format. Push it again before copying it.',
      );
    }
    if (manifest.kind === 'index')
      for (const child of [...manifest.children, ...manifest.extras])
        await visit(child.digest, digest, depth + 1);
    manifests.push(fetched);
    if (withReferrers) {
      await visitReferrers(digest, depth);
      if (isSignable(manifest)) await visitCosignTags(digest, depth);
    }
    return fetched;
  };

  const visitReferrers = async (digest: string, depth: number) => {
    const { client, repository } = source;
    const list = await client.listReferrers(repository, digest, way, signal);
    way = list.way;
    for (const referrer of list.referrers)
      if (await visit(referrer.digest, digest, depth + 1)) referrers += 1;
  };

  const visitCosignTags = async (digest: string, depth: number) => {
    for (const found of await findCosignTags(source, digest, signal)) {
      if (await visit(found.digest, digest, depth + 1)) referrers += 1;
      tags.push(found);
    }
  };

  const top = await visit(source.digest, null, 0);
  if (!top) throw new Error('The image itself was not read.');
  return { manifests, top, referrers, tags, ...blobsOf(manifests) };
}

/** Whether cosign may have signed it: signatures and attestations are not signed themselves. */
function isSignable(manifest: FetchedManifest['manifest']): boolean {
  if (manifest.kind === 'index') return true;
  return manifest.kind === 'image' && toManifestKind(manifest) === 'image';
}

function blobsOf(
  manifests: readonly FetchedManifest[],
): Pick<CopyPlan, 'blobs' | 'foreignLayers'> {
  const all = manifests.flatMap(({ manifest }) => {
    if (manifest.kind === 'image') return [manifest.config, ...manifest.layers];
    return manifest.kind === 'artifact' ? manifest.blobs : [];
  });
  const unique = [...new Map(all.map((blob) => [blob.digest, blob])).values()];
  const isForeign = ({ mediaType }: Blob) => isForeignLayer(mediaType);
  return {
    blobs: unique.filter((blob) => !isForeign(blob)),
    foreignLayers: unique.filter(isForeign).map(({ digest }) => digest),
  };
}

function missingPart(error: unknown, whole: string, part: string): unknown {
  if (!(error instanceof RegistryError) || error.code !== 'REGISTRY_NOT_FOUND')
    return error;
  return new RegistryError(
    'REGISTRY_NOT_FOUND',
    `${whole} names ${part}, which the registry does not have. A copy would be as broken as the original.`,
    { cause: error, facts: error.facts },
  );
}
