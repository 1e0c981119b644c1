import 'server-only';
import { and, asc, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { db } from '@/db';
import {
  accessCurrent,
  builds,
  imageSpecs,
  manifestLayers,
  manifests,
  registries,
  repositories,
  tagMoves,
  tags,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type {
  ImageItemView,
  ImageView,
  LayerView,
  TagMoveView,
} from '@/lib/registry/views';
import { getAccess, getAccessMatrix } from '@/lib/services/access';
import { listAccessChanges } from '@/lib/services/access-history';

type ManifestRow = typeof manifests.$inferSelect;
type Key = { repositoryId: string; digest: string };
type Found = { manifest: ManifestRow; host: string; path: string };

const PAGE = 50;

/** Where a page of images ended: the next begins after it. */
export type ImageCursor = { seenAt: string; digest: string };

/** Images of the team, last seen first, by key. */
export async function listImages(
  actor: Actor,
  after?: ImageCursor,
): Promise<{ items: ImageItemView[]; next: ImageCursor | null }> {
  const seenAt = sql`date_trunc('milliseconds', ${manifests.lastSeenAt})`;
  const rows = await selectManifests(
    and(
      eq(repositories.teamId, actor.teamId),
      after
        ? sql`(${seenAt}, ${manifests.digest}) < (${after.seenAt}::timestamptz, ${after.digest})`
        : undefined,
    ),
    PAGE + 1,
  );
  const page = rows.slice(0, PAGE);
  const last = page.at(-1);
  return {
    items: await toItems(page),
    next:
      rows.length > PAGE && last
        ? {
            seenAt: last.manifest.lastSeenAt.toISOString(),
            digest: last.manifest.digest,
          }
        : null,
  };
}

function selectManifests(
  where: SQL | undefined,
  limit: number,
): Promise<Found[]> {
  return db()
    .select({
      manifest: manifests,
      host: repositories.host,
      path: repositories.path,
    })
    .from(manifests)
    .innerJoin(repositories, eq(repositories.id, manifests.repositoryId))
    .where(where)
    .orderBy(
      desc(sql`date_trunc('milliseconds', ${manifests.lastSeenAt})`),
      desc(manifests.digest),
    )
    .limit(limit);
}

async function toItems(found: Found[]): Promise<ImageItemView[]> {
  const keys = found.map(({ manifest }) => manifest);
  const [tagRows, buildRows, verdictRows] = await Promise.all([
    readTags(keys),
    readBuilds(keys),
    readVerdicts(keys),
  ]);
  return found.map(({ manifest, host, path }) => {
    const isIt = (row: { repositoryId: string; digest: string | null }) =>
      row.repositoryId === manifest.repositoryId &&
      row.digest === manifest.digest;
    const build = buildRows.find(isIt);
    return {
      repositoryId: manifest.repositoryId,
      repository: `${host}/${path}`,
      digest: manifest.digest,
      kind: manifest.kind,
      platform: manifest.platform,
      sizeBytes: manifest.sizeBytes,
      tags: tagRows.filter(isIt).map(({ name }) => name),
      build: build
        ? { id: build.id, number: build.number, specName: build.specName }
        : null,
      verdict: verdictRows.find(isIt)?.verdict ?? null,
      lastSeenAt: manifest.lastSeenAt.toISOString(),
      goneAt: manifest.goneAt?.toISOString() ?? null,
    };
  });
}

type Column =
  | typeof tags.repositoryId
  | typeof builds.repositoryId
  | typeof accessCurrent.repositoryId;
type DigestColumn =
  | typeof tags.currentDigest
  | typeof builds.digest
  | typeof accessCurrent.digest;

/** Rows whose (repository, digest) is one of the keys, by the index on both. */
function isOneOf(
  repository: Column,
  digest: DigestColumn,
  keys: readonly Key[],
): SQL | undefined {
  return and(
    inArray(repository, [...new Set(keys.map((key) => key.repositoryId))]),
    inArray(digest, [...new Set(keys.map((key) => key.digest))]),
  );
}

async function readTags(keys: readonly Key[]) {
  if (keys.length === 0) return [];
  return db()
    .select({
      repositoryId: tags.repositoryId,
      digest: tags.currentDigest,
      name: tags.name,
    })
    .from(tags)
    .where(isOneOf(tags.repositoryId, tags.currentDigest, keys))
    .orderBy(asc(tags.name));
}

/** The newest published build of each digest first. */
async function readBuilds(keys: readonly Key[]) {
  if (keys.length === 0) return [];
  return db()
    .select({
      id: builds.id,
      number: builds.number,
      specName: imageSpecs.name,
      repositoryId: builds.repositoryId,
      digest: builds.digest,
    })
    .from(builds)
    .innerJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .where(
      and(
        isOneOf(builds.repositoryId, builds.digest, keys),
        eq(builds.state, 'published'),
      ),
    )
    .orderBy(desc(builds.id));
}

async function readVerdicts(keys: readonly Key[]) {
  if (keys.length === 0) return [];
  return db()
    .select({
      repositoryId: accessCurrent.repositoryId,
      digest: sql<string>`substr(${accessCurrent.reference}, 2)`,
      verdict: accessCurrent.verdict,
    })
    .from(accessCurrent)
    .where(
      and(
        // The one word of a list is about anyone; what a credential may pull is on the image's page.
        eq(accessCurrent.identity, 'anonymous'),
        inArray(accessCurrent.repositoryId, [
          ...new Set(keys.map((key) => key.repositoryId)),
        ]),
        inArray(accessCurrent.reference, [
          ...new Set(keys.map((key) => `@${key.digest}`)),
        ]),
      ),
    )
    .orderBy(desc(accessCurrent.checkedAt));
}

/** One image as lists show it, or `null` when nobody has read what its digest holds. */
export async function findImage(
  actor: Actor,
  key: Key,
): Promise<ImageItemView | null> {
  const [item] = await toItems(await selectImage(actor, key));
  return item ?? null;
}

function selectImage(actor: Actor, key: Key): Promise<Found[]> {
  return selectManifests(
    and(
      eq(repositories.teamId, actor.teamId),
      eq(manifests.repositoryId, key.repositoryId),
      eq(manifests.digest, key.digest),
    ),
    1,
  );
}

/** One image with its layers, tags and latest access verdict. Throws NOT_FOUND. */
export async function getImage(actor: Actor, key: Key): Promise<ImageView> {
  const [found] = await selectImage(actor, key);
  if (!found) throw new AppError('NOT_FOUND', 'There is no such image here.');
  const { manifest } = found;
  const [item] = await toItems([found]);
  if (!item) throw new Error('An image has no view.');
  return {
    ...item,
    mediaType: manifest.mediaType,
    configDigest: manifest.configDigest,
    registry: await findRegistryOf(key.repositoryId),
    labels: manifest.labels,
    run: manifest.run,
    imageCreatedAt: manifest.imageCreatedAt?.toISOString() ?? null,
    firstSeenAt: manifest.firstSeenAt.toISOString(),
    layers: await readLayers(actor, key),
    tagMoves: await readMoves(key),
    access: await getAccess(actor, {
      ...key,
      platform: manifest.platform ?? undefined,
    }),
    matrix: await getAccessMatrix(actor, key),
    accessChanges: await listAccessChanges(actor, key),
  };
}

async function findRegistryOf(
  repositoryId: string,
): Promise<{ id: string; name: string } | null> {
  const [row] = await db()
    .select({ id: registries.id, name: registries.name })
    .from(repositories)
    .innerJoin(registries, eq(registries.id, repositories.registryId))
    .where(eq(repositories.id, repositoryId));
  return row ?? null;
}

async function readLayers(actor: Actor, key: Key): Promise<LayerView[]> {
  const sharedWith = sql<number>`(
    select count(distinct (other.repository_id, other.digest))::int
    from manifest_layers other join repositories r on r.id = other.repository_id
    where other.blob_digest = ${manifestLayers.blobDigest} and r.team_id = ${actor.teamId}
      and (other.repository_id, other.digest) <> (${manifestLayers.repositoryId}, ${manifestLayers.digest}))`;
  const rows = await db()
    .select({ layer: manifestLayers, sharedWith })
    .from(manifestLayers)
    .where(
      and(
        eq(manifestLayers.repositoryId, key.repositoryId),
        eq(manifestLayers.digest, key.digest),
      ),
    )
    .orderBy(asc(manifestLayers.position));
  return rows.map(({ layer, sharedWith: shared }) => ({
    position: layer.position,
    digest: layer.blobDigest,
    sizeBytes: layer.sizeBytes,
    madeBy: layer.madeBy,
    sharedWith: shared,
  }));
}

/** Moves of tags to or away from this digest, newest first. */
async function readMoves(key: Key): Promise<TagMoveView[]> {
  const rows = await db()
    .select()
    .from(tagMoves)
    .where(
      and(
        eq(tagMoves.repositoryId, key.repositoryId),
        or(
          eq(tagMoves.fromDigest, key.digest),
          eq(tagMoves.toDigest, key.digest),
        ),
      ),
    )
    .orderBy(desc(tagMoves.id))
    .limit(50);
  return rows.map((row) => ({
    tag: row.tag,
    from: row.fromDigest,
    to: row.toDigest,
    seenAt: row.seenAt.toISOString(),
  }));
}
