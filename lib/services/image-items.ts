import 'server-only';
import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { db } from '@/db';
import {
  accessCurrent,
  builds,
  imageSpecs,
  type manifests,
  tags,
} from '@/db/schema';
import type { ImageItemView } from '@/lib/registry/views';
import { wholeId } from '@/lib/services/whole-builds';

type Key = { repositoryId: string; digest: string };

/** A manifest with the place it lies in. */
export type FoundImage = {
  manifest: typeof manifests.$inferSelect;
  host: string;
  path: string;
};

/** Images as lists show them: with their tags, what built them and whether anyone can pull them, three queries in all. */
export async function toItems(found: FoundImage[]): Promise<ImageItemView[]> {
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
      platforms: manifest.platforms,
      artifactType: manifest.artifactType,
      isPart: manifest.isPart,
      sortedAt: manifest.sortedAt.toISOString(),
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

export async function readTags(keys: readonly Key[]) {
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
      id: wholeId,
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
