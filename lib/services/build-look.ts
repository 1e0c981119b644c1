import 'server-only';
import { and, desc, eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import {
  buildAttempts,
  buildOutputs,
  builds,
  repositories,
  specRevisions,
} from '@/db/schema';
import { floatingImages, OutputDetail } from '@/lib/build/bases';
import { AppError } from '@/lib/errors';
import { RegistryError } from '@/lib/registry/errors';
import { parseReference } from '@/lib/registry/reference';
import type { Buildable } from '@/lib/services/build-revision';
import { type Inventory, readAnyInventory } from '@/lib/services/manifests';
import { type ImagePlace, withRegistry } from '@/lib/services/registry-clients';

const PATIENCE_MS = 10_000;
const bases = alias(builds, 'bases');

/** A build here that made the image from the same definition, for the same platform, on bases whose tags did not move since. */
type Source = {
  buildId: string;
  detail: OutputDetail;
  /** The image of the build it stood on, when its base is a spec. */
  baseDigest: string | null;
};

/** What is behind the tag of a build that is asked for. `unknown`: nothing here made it, so it was read, as far as it lets itself be read. */
export type Look = { digest: string } & (
  | { origin: 'here'; source: Source | null }
  | { origin: 'unknown'; inventory: Inventory | null }
);

/**
 * Looks at the tag a build would push to, within ten seconds; not for a transaction. `null` when nothing is there, or the
 * registry does not say, or cannot be asked: then the build finds out.
 */
export async function lookAtTag({
  revision,
  platform,
}: Buildable): Promise<Look | null> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const { registry: host, repository: path } = parseReference(
    revision.imageName,
  );
  const place = { teamId: revision.teamId, host, path };
  try {
    const digest = await readTag(place, revision.tag, signal);
    const made = await findMade(place, digest);
    if (made.length === 0)
      return {
        digest,
        origin: 'unknown',
        inventory: await readImage(place, digest, signal),
      };
    const same = made.filter(
      (row) =>
        row.definitionHash === revision.definitionHash &&
        row.platform === platform,
    );
    for (const row of same) {
      if (await stoodOnTheSame(place.teamId, row, signal))
        return { digest, origin: 'here', source: row };
    }
    return { digest, origin: 'here', source: null };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function readTag(
  place: ImagePlace,
  tag: string,
  signal: AbortSignal,
): Promise<string> {
  return withRegistry(place, 'stored_push', async (client) => {
    const { digest } = await client.headManifest(place.path, tag, signal);
    return digest;
  });
}

async function readImage(
  place: ImagePlace,
  digest: string,
  signal: AbortSignal,
): Promise<Inventory | null> {
  try {
    return await withRegistry(place, 'stored_push', (client) =>
      readAnyInventory(client, place.path, digest, signal),
    );
  } catch (error) {
    if (error instanceof RegistryError) return null;
    throw error;
  }
}

type Made = Source & {
  definitionHash: string;
  platform: string;
  dockerfile: string;
};

/** The builds here that made a digest themselves, newest first. */
async function findMade(place: ImagePlace, digest: string): Promise<Made[]> {
  const rows = await db()
    .select({
      buildId: builds.id,
      platform: builds.platform,
      definitionHash: specRevisions.definitionHash,
      detail: buildOutputs.detail,
      dockerfile: buildAttempts.dockerfile,
      baseDigest: bases.digest,
    })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
    .innerJoin(buildOutputs, eq(buildOutputs.buildId, builds.id))
    .leftJoin(
      buildAttempts,
      and(
        eq(buildAttempts.buildId, builds.id),
        eq(buildAttempts.attempt, builds.currentAttempt),
      ),
    )
    .leftJoin(bases, eq(bases.id, builds.baseBuildId))
    .where(
      and(
        eq(repositories.teamId, place.teamId),
        eq(repositories.host, place.host),
        eq(repositories.path, place.path),
        eq(builds.digest, digest),
        eq(builds.state, 'published'),
        eq(builds.isReused, false),
      ),
    )
    .orderBy(desc(builds.id))
    .limit(20);
  return rows.map((row) => ({
    ...row,
    detail: OutputDetail.parse(row.detail),
    dockerfile: row.dockerfile ?? '',
  }));
}

/** Whether every image that a build's Dockerfile named by a tag is known, and still the one behind that tag. */
async function stoodOnTheSame(
  teamId: string,
  { dockerfile, detail }: Made,
  signal: AbortSignal,
): Promise<boolean> {
  const known = detail.bases ?? [];
  const isWhole = floatingImages(dockerfile)?.every((image) =>
    known.some(({ reference }) => reference === image),
  );
  if (!isWhole) return false;
  for (const { reference, digest } of known) {
    const { registry: host, repository: path, tag } = parseReference(reference);
    if (tag === undefined) return false;
    try {
      const now = await withRegistry(
        { teamId, host, path },
        'stored_pull',
        async (client) => (await client.headManifest(path, tag, signal)).digest,
      );
      if (now !== digest) return false;
    } catch (error) {
      if (error instanceof RegistryError) return false;
      throw error;
    }
  }
  return true;
}
