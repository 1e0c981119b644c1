import 'server-only';
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { manifestLayers, manifests } from '@/db/schema';
import type { FetchedManifest, RegistryClient } from '@/lib/registry/client';
import {
  type ImageInventory,
  inventoryImage,
  readConfig,
} from '@/lib/registry/manifest';
import { formatPlatform } from '@/lib/registry/platform';
import { RegistryError } from '@/lib/registry/errors';
import { isInUse } from '@/lib/services/in-use';
import { raiseAlert, resolveAlert } from '@/lib/services/alerts';
import type { RepositoryRow } from '@/lib/services/repositories';

/** An image or index as it was read from the registry, every byte checked against its digest. */
export type Inventory = {
  fetched: FetchedManifest;
  image: ImageInventory | null;
};

/** Reads a manifest and, of an image, its config. Throws RegistryError; REGISTRY_INVALID_ANSWER for what is neither. */
export async function readInventory(
  client: RegistryClient,
  repository: string,
  reference: string,
): Promise<Inventory> {
  const fetched = await client.getManifest(repository, reference);
  const { manifest } = fetched;
  if (manifest.kind === 'index') return { fetched, image: null };
  if (manifest.kind !== 'image') {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      'This is not a container image.',
    );
  }
  const config = readConfig(
    (await client.getBlob(repository, manifest.config.digest)).toString('utf8'),
  );
  if (!config)
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      "The image's configuration cannot be read.",
    );
  return { fetched, image: inventoryImage(manifest, config) };
}

/** Stores an image by its digest; seeing it again only says so. */
export async function storeInventory(
  tx: Transaction,
  repositoryId: string,
  inventory: Inventory,
): Promise<void> {
  const { fetched, image } = inventory;
  const place = { repositoryId, digest: fetched.digest };
  await tx
    .insert(manifests)
    .values({
      ...place,
      kind: image ? 'image' : 'index',
      mediaType: fetched.mediaType,
      platform: image ? formatPlatform(image.platform) : null,
      configDigest: image?.configDigest ?? null,
      sizeBytes: image?.sizeBytes ?? null,
      labels: image?.labels ?? {},
      run: image ? toRun(image) : null,
      imageCreatedAt: toDate(image?.created ?? null),
    })
    .onConflictDoUpdate({
      target: [manifests.repositoryId, manifests.digest],
      set: { lastSeenAt: sql`now()`, goneAt: null },
    });
  for (const layer of image?.layers ?? []) {
    await tx
      .insert(manifestLayers)
      .values({
        ...place,
        position: layer.position,
        blobDigest: layer.digest,
        sizeBytes: layer.sizeBytes,
        madeBy: layer.createdBy,
      })
      .onConflictDoNothing();
  }
}

/** Notes that a digest is not in the registry any more, and says so when something runs on it. */
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
  if (!gone || !(await isInUse(tx, repository.id, `@${digest}`))) return;
  await raiseAlert(tx, repository.teamId, {
    kind: 'image_gone',
    version: 1,
    repositoryId: repository.id,
    repository: `${repository.host}/${repository.path}`,
    digest,
  });
}

/** Notes that a digest that had gone is there again. */
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
  if (found)
    await resolveAlert(
      tx,
      repository.teamId,
      'image_gone',
      `${repository.id}@${digest}`,
    );
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
