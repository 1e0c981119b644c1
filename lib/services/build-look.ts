import 'server-only';
import { and, asc, desc, eq, or } from 'drizzle-orm';
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
import type { Output } from '@/lib/services/build-outputs';
import type { Buildable } from '@/lib/services/build-revision';
import { type Inventory, readAnyInventory } from '@/lib/services/manifests';
import { type ImagePlace, withRegistry } from '@/lib/services/registry-clients';

const PATIENCE_MS = 10_000;
const bases = alias(builds, 'bases');

/** A build here that made the image from the same definition, for the same platform, on bases whose tags did not move since. */
type Source = {
  buildId: string;
  /** One for each platform. */
  outputs: Output[];
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
    for (const { buildId, baseDigest } of same) {
      const images = await listMakings(buildId);
      if (await stoodOnTheSame(place.teamId, images, signal)) {
        const outputs = images.map(({ output }) => output);
        const source = { buildId, baseDigest, outputs };
        return { digest, origin: 'here', source };
      }
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

type Made = Omit<Source, 'outputs'> & {
  definitionHash: string;
  platform: string;
};

/** The builds here that made a digest themselves, newest first. */
async function findMade(place: ImagePlace, digest: string): Promise<Made[]> {
  return db()
    .select({
      buildId: builds.id,
      platform: builds.platform,
      definitionHash: specRevisions.definitionHash,
      baseDigest: bases.digest,
    })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
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
}

/** An image that was made here, and what its Dockerfile was. */
type Making = { output: Output; dockerfile: string };

/** How a build made its image, or each of its parts theirs. */
async function listMakings(buildId: string): Promise<Making[]> {
  const rows = await db()
    .select({
      platform: buildOutputs.platform,
      digest: buildOutputs.digest,
      detail: buildOutputs.detail,
      dockerfile: buildAttempts.dockerfile,
    })
    .from(builds)
    .innerJoin(buildOutputs, eq(buildOutputs.buildId, builds.id))
    .innerJoin(
      buildAttempts,
      and(
        eq(buildAttempts.buildId, builds.id),
        eq(buildAttempts.attempt, builds.currentAttempt),
      ),
    )
    .where(or(eq(builds.id, buildId), eq(builds.partOfId, buildId)))
    .orderBy(asc(builds.id));
  return rows.map(({ dockerfile, ...output }) => ({
    output: { ...output, detail: OutputDetail.parse(output.detail) },
    dockerfile: dockerfile ?? '',
  }));
}

/** Whether every image that these Dockerfiles named by a tag is known, and still the one behind that tag. */
async function stoodOnTheSame(
  teamId: string,
  makings: readonly Making[],
  signal: AbortSignal,
): Promise<boolean> {
  const isKnown = makings.every(({ output, dockerfile }) =>
    floatingImages(dockerfile)?.every((image) =>
      output.detail.bases?.some(({ reference }) => reference === image),
    ),
  );
  if (!isKnown || makings.length === 0) return false;
  const known = makings.flatMap(({ output }) => output.detail.bases ?? []);
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
