import 'server-only';
import { and, desc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildPackages, builds, repositories } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { ImagePackages } from '@/lib/build/packages';
import type { PackagesView } from '@/lib/build/views';
import { requireBuild } from '@/lib/services/build-events';
import { wholeId } from '@/lib/services/whole-builds';

/**
 * The packages inside what a build published, read by itself or by the build that made the image it took; `null` when
 * nobody looked. Throws NOT_FOUND, for another team's too.
 */
export async function getBuildPackages(
  actor: Actor,
  buildId: string,
): Promise<PackagesView | null> {
  const { repositoryId, digest, state } = await requireBuild(
    actor.teamId,
    buildId,
  );
  if (state !== 'published' || digest === null) return null;
  return getImagePackages(actor, { repositoryId, digest });
}

/** The packages inside an image that was built here, wherever it was built to; `null` when nobody looked. */
export async function getImagePackages(
  actor: Actor,
  { repositoryId, digest }: { repositoryId: string; digest: string },
): Promise<PackagesView | null> {
  const [row] = await db()
    .select({
      id: wholeId,
      number: builds.number,
      found: buildPackages.found,
    })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .innerJoin(
      buildPackages,
      and(
        eq(buildPackages.buildId, builds.id),
        eq(buildPackages.attempt, builds.currentAttempt),
      ),
    )
    .where(
      and(
        eq(repositories.teamId, actor.teamId),
        eq(builds.repositoryId, repositoryId),
        eq(builds.digest, digest),
        eq(builds.state, 'published'),
      ),
    )
    .orderBy(desc(builds.id))
    .limit(1);
  if (!row) return null;
  const { groups, missing } = ImagePackages.parse(row.found);
  return { build: { id: row.id, number: row.number }, groups, missing };
}
