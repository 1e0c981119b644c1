import 'server-only';
import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import {
  indexChildren,
  manifestLayers,
  manifests,
  repositories,
} from '@/db/schema';
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
import { isInUse } from '@/lib/services/in-use';
import { raiseAlert, resolveAlert } from '@/lib/services/alerts';
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
  repositoryId: string,
  inventory: Inventory,
  subject: string | null = null,
): Promise<void> {
  const { fetched, kind, image } = inventory;
  const place = { repositoryId, digest: fetched.digest };
  const created = toDate(image?.created ?? null);
  const { manifest } = fetched;
  await tx
    .insert(manifests)
    .values({
      ...place,
      teamId: sql`(select ${repositories.teamId} from ${repositories} where ${repositories.id} = ${repositoryId})`,
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
        goneAt: null,
        // What a build stored before the index was seen knew less.
        platforms: sql`excluded.platforms`,
        subjectDigest: sql`coalesce(excluded.subject_digest, ${manifests.subjectDigest})`,
      },
    });
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

/** Says anew of digests whether they are parts: named by an index that is there, and by no tag. */
export async function markParts(
  tx: Transaction,
  repositoryId: string,
  digests: readonly string[],
): Promise<void> {
  if (digests.length === 0) return;
  await tx
    .update(manifests)
    .set({
      isPart: sql`exists (select 1 from index_children c join manifests i on i.repository_id = c.repository_id and i.digest = c.index_digest
          where c.repository_id = ${manifests.repositoryId} and c.child_digest = ${manifests.digest} and i.gone_at is null)
        and not exists (select 1 from tags t where t.repository_id = ${manifests.repositoryId} and t.current_digest = ${manifests.digest})`,
    })
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        inArray(manifests.digest, [...digests]),
      ),
    );
}

/** Notes that a digest is not in the registry any more, and says so when something runs on it; its parts are none now. */
export async function markGone(
  tx: Transaction,
  repository: RepositoryRow,
  digest: string,
): Promise<void> {
  const [gone] = await tx
    .update(manifests)
    .set({ goneAt: sql`now()` })
    .where(and(isManifest(repository, digest), isNull(manifests.goneAt)))
    .returning({ digest: manifests.digest });
  if (!gone) return;
  await markPartsOf(tx, repository, digest);
  if (!(await isInUse(tx, repository.id, `@${digest}`))) return;
  await raiseAlert(tx, repository.teamId, {
    kind: 'image_gone',
    version: 1,
    repositoryId: repository.id,
    repository: `${repository.host}/${repository.path}`,
    digest,
  });
}

/** Notes that a digest that had gone is there again, and so are its parts. */
export async function markFound(
  tx: Transaction,
  repository: RepositoryRow,
  digest: string,
): Promise<void> {
  const [found] = await tx
    .update(manifests)
    .set({ goneAt: null, lastSeenAt: sql`now()` })
    .where(and(isManifest(repository, digest), isNotNull(manifests.goneAt)))
    .returning({ digest: manifests.digest });
  if (!found) return;
  await markPartsOf(tx, repository, digest);
  await resolveAlert(
    tx,
    repository.teamId,
    'image_gone',
    `${repository.id}@${digest}`,
  );
}

async function markPartsOf(
  tx: Transaction,
  { id }: RepositoryRow,
  digest: string,
): Promise<void> {
  const parts = await tx
    .select({ digest: indexChildren.childDigest })
    .from(indexChildren)
    .where(
      and(
        eq(indexChildren.repositoryId, id),
        eq(indexChildren.indexDigest, digest),
      ),
    );
  await markParts(
    tx,
    id,
    parts.map((part) => part.digest),
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

function isManifest({ id }: RepositoryRow, digest: string) {
  return and(eq(manifests.repositoryId, id), eq(manifests.digest, digest));
}

function toRun(image: ImageInventory) {
  const { entrypoint, command, user, workdir, env } = image;
  return { version: 1 as const, entrypoint, command, user, workdir, env };
}

function toDate(text: string | null): Date | null {
  const date = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? null : new Date(date);
}
