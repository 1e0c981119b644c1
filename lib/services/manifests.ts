import 'server-only';
import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { indexChildren, manifestLayers, manifests } from '@/db/schema';
import type { FetchedManifest, RegistryClient } from '@/lib/registry/client';
import {
  type ImageIndex,
  type ImageInventory,
  inventoryImage,
  readConfig,
} from '@/lib/registry/manifest';
import {
  artifactTypeOf,
  toManifestKind,
  toSortedAt,
} from '@/lib/registry/manifest-facts';
import type { ManifestKind } from '@/lib/registry/manifest-kinds';
import { formatPlatform } from '@/lib/registry/platform';
import { RegistryError } from '@/lib/registry/errors';
import { markFound, markParts } from '@/lib/services/manifest-presence';
import type { RepositoryRow } from '@/lib/services/repositories';

/** A manifest as it was read from the registry, every byte checked against its digest. */
export type Inventory = {
  fetched: FetchedManifest;
  kind: ManifestKind;
  /** Of an image: what its config says. */
  image: ImageInventory | null;
};

/** Reads a manifest and, of an image, its config. Throws RegistryError; REGISTRY_INVALID_ANSWER for what is neither. */
export async function readInventory(
  client: RegistryClient,
  repository: string,
  reference: string,
): Promise<Inventory> {
  const inventory = await readAnyInventory(client, repository, reference);
  if (inventory.kind === 'image' || inventory.kind === 'index')
    return inventory;
  throw new RegistryError(
    'REGISTRY_INVALID_ANSWER',
    'This is not a container image.',
  );
}

/**
 * The same for whatever a registry keeps: signatures, SBOMs and charts too. Throws RegistryError;
 * REGISTRY_INVALID_ANSWER for what can not be read at all.
 */
export async function readAnyInventory(
  client: RegistryClient,
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<Inventory> {
  const fetched = await client.getManifest(repository, reference, signal);
  const { manifest } = fetched;
  if (manifest.kind === 'schema1' || manifest.kind === 'invalid') {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      'This is not a container image.',
    );
  }
  const kind = toManifestKind(manifest);
  if (manifest.kind !== 'image' || kind !== 'image')
    return { fetched, kind, image: null };
  const { digest } = manifest.config;
  const bytes = await client.getBlob(repository, digest, undefined, signal);
  const config = readConfig(bytes.toString('utf8'));
  if (!config)
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      "The image's configuration cannot be read.",
    );
  return { fetched, kind, image: inventoryImage(manifest, config) };
}

/**
 * Stores a manifest by its digest; seeing it again only says so. Of an index its parts are noted, and those known here
 * are marked as parts. `subject` is what it hangs on, where that is known from elsewhere.
 */
export async function storeInventory(
  tx: Transaction,
  repository: Pick<RepositoryRow, 'id' | 'teamId'>,
  inventory: Inventory,
  subject: string | null = null,
): Promise<void> {
  const { fetched, kind, image } = inventory;
  const { id: repositoryId, teamId } = repository;
  const place = { repositoryId, digest: fetched.digest };
  const created = toDate(image?.created ?? null);
  const { manifest } = fetched;
  await tx
    .insert(manifests)
    .values({
      ...place,
      teamId,
      kind,
      mediaType: fetched.mediaType,
      platform: image ? formatPlatform(image.platform) : null,
      platforms: platformsOf(inventory),
      subjectDigest:
        subject ?? ('subject' in manifest ? manifest.subject : null),
      artifactType: artifactTypeOf(manifest),
      isPart: sql`exists (select 1 from ${indexChildren} where ${indexChildren.repositoryId} = ${repositoryId} and ${indexChildren.childDigest} = ${fetched.digest})`,
      configDigest: image?.configDigest ?? null,
      sizeBytes: sizeOf(inventory),
      labels: image?.labels ?? {},
      run: image ? toRun(image) : null,
      imageCreatedAt: created,
      sortedAt: toSortedAt(created, new Date()),
    })
    .onConflictDoUpdate({
      target: [manifests.repositoryId, manifests.digest],
      set: {
        lastSeenAt: sql`now()`,
        // What a build stored before the index was seen knew less.
        platforms: sql`excluded.platforms`,
        subjectDigest: sql`coalesce(excluded.subject_digest, ${manifests.subjectDigest})`,
      },
    });
  await markFound(tx, repository, fetched.digest);
  if (manifest.kind === 'index')
    await storeParts(tx, repositoryId, fetched.digest, manifest);
  const layers = (image?.layers ?? []).map((layer) => ({
    ...place,
    position: layer.position,
    blobDigest: layer.digest,
    sizeBytes: layer.sizeBytes,
    madeBy: layer.createdBy,
  }));
  if (layers.length > 0)
    await tx.insert(manifestLayers).values(layers).onConflictDoNothing();
}

async function storeParts(
  tx: Transaction,
  repositoryId: string,
  indexDigest: string,
  { children, extras }: ImageIndex,
): Promise<void> {
  const parts = [...children, ...extras].map((child, position) => ({
    repositoryId,
    indexDigest,
    childDigest: child.digest,
    position,
    platform: child.platform ? formatPlatform(child.platform) : null,
    isExtra: position >= children.length,
  }));
  if (parts.length === 0) return;
  await tx.insert(indexChildren).values(parts).onConflictDoNothing();
  await markParts(
    tx,
    repositoryId,
    parts.map(({ childDigest }) => childDigest),
  );
}

function platformsOf({ fetched: { manifest }, image }: Inventory): string[] {
  const all =
    manifest.kind === 'index'
      ? manifest.children.flatMap(({ platform }) => platform ?? [])
      : image
        ? [image.platform]
        : [];
  return [...new Set(all.map(formatPlatform))];
}

/** What a pull transfers; of an index nothing can be said before a platform is chosen. */
function sizeOf({ fetched: { manifest }, image }: Inventory): number | null {
  if (image) return image.sizeBytes;
  const blobs =
    manifest.kind === 'artifact'
      ? manifest.blobs
      : manifest.kind === 'image'
        ? manifest.layers
        : null;
  return blobs?.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) ?? null;
}

function toRun(image: ImageInventory) {
  const { entrypoint, command, user, workdir, env } = image;
  return { version: 1 as const, entrypoint, command, user, workdir, env };
}

function toDate(text: string | null): Date | null {
  const date = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? null : new Date(date);
}
