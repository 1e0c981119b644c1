import 'server-only';
import { and, asc, desc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import { db } from '@/db';
import {
  indexChildren,
  manifestLayers,
  manifests,
  registries,
  repositories,
  tagMoves,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type {
  ImageItemView,
  ImageView,
  LayerView,
  RelatedView,
  TagMoveView,
} from '@/lib/registry/views';
import { getAccess, getAccessMatrix } from '@/lib/services/access';
import { listAccessChanges } from '@/lib/services/access-history';
import { type FoundImage, readTags, toItems } from '@/lib/services/image-items';

type Key = { repositoryId: string; digest: string };

/** One image as lists show it, or `null` when nobody has read what its digest holds. */
export async function findImage(
  actor: Actor,
  key: Key,
): Promise<ImageItemView | null> {
  const [item] = await toItems(await selectImage(actor, key));
  return item ?? null;
}

function selectImage(actor: Actor, key: Key): Promise<FoundImage[]> {
  return db()
    .select({
      manifest: manifests,
      host: repositories.host,
      path: repositories.path,
    })
    .from(manifests)
    .innerJoin(repositories, eq(repositories.id, manifests.repositoryId))
    .where(
      and(
        eq(repositories.teamId, actor.teamId),
        eq(manifests.repositoryId, key.repositoryId),
        eq(manifests.digest, key.digest),
      ),
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
    parts: await readParts(key),
    indexes: await readIndexes(key),
    referrers: await readReferrers(key),
    subjectDigest: manifest.subjectDigest,
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

const relatedColumns = {
  kind: manifests.kind,
  artifactType: manifests.artifactType,
  sizeBytes: manifests.sizeBytes,
  goneAt: manifests.goneAt,
};

/** The images in an index, whether they were seen here or not. */
async function readParts(key: Key): Promise<RelatedView[]> {
  const rows = await db()
    .select({
      digest: indexChildren.childDigest,
      platform: indexChildren.platform,
      ...relatedColumns,
    })
    .from(indexChildren)
    .leftJoin(
      manifests,
      and(
        eq(manifests.repositoryId, indexChildren.repositoryId),
        eq(manifests.digest, indexChildren.childDigest),
      ),
    )
    .where(
      and(
        eq(indexChildren.repositoryId, key.repositoryId),
        eq(indexChildren.indexDigest, key.digest),
        eq(indexChildren.isExtra, false),
      ),
    )
    .orderBy(asc(indexChildren.position));
  return toRelated(key.repositoryId, rows);
}

async function readIndexes(key: Key): Promise<RelatedView[]> {
  const rows = await db()
    .select({
      digest: manifests.digest,
      platform: indexChildren.platform,
      ...relatedColumns,
    })
    .from(indexChildren)
    .innerJoin(
      manifests,
      and(
        eq(manifests.repositoryId, indexChildren.repositoryId),
        eq(manifests.digest, indexChildren.indexDigest),
      ),
    )
    .where(
      and(
        eq(indexChildren.repositoryId, key.repositoryId),
        eq(indexChildren.childDigest, key.digest),
      ),
    )
    .orderBy(desc(manifests.sortedAt))
    .limit(50);
  return toRelated(key.repositoryId, rows);
}

/** What hangs on the image, and what hangs on the parts of an index: a pull by tag shows both. */
async function readReferrers(key: Key): Promise<RelatedView[]> {
  const ofParts = db()
    .select({ digest: indexChildren.childDigest })
    .from(indexChildren)
    .where(
      and(
        eq(indexChildren.repositoryId, key.repositoryId),
        eq(indexChildren.indexDigest, key.digest),
      ),
    );
  const rows = await db()
    .select({
      digest: manifests.digest,
      platform: sql<
        string | null
      >`(select p.platform from manifests p where p.repository_id = ${key.repositoryId} and p.digest = manifests.subject_digest)`,
      ...relatedColumns,
    })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, key.repositoryId),
        ne(manifests.digest, key.digest),
        or(
          eq(manifests.subjectDigest, key.digest),
          inArray(manifests.subjectDigest, ofParts),
        ),
      ),
    )
    .orderBy(asc(manifests.artifactType), asc(manifests.digest))
    .limit(200);
  return toRelated(key.repositoryId, rows);
}

type RelatedRow = Omit<RelatedView, 'isThere' | 'tags'> & {
  goneAt: Date | null;
};

async function toRelated(
  repositoryId: string,
  rows: RelatedRow[],
): Promise<RelatedView[]> {
  const found = await readTags(
    rows.map(({ digest }) => ({ repositoryId, digest })),
  );
  return rows.map(({ goneAt, ...row }) => ({
    ...row,
    tags: found
      .filter(({ digest }) => digest === row.digest)
      .map(({ name }) => name),
    isThere: row.kind !== null && goneAt === null,
  }));
}
