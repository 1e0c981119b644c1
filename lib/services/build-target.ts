import 'server-only';
import { eq } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { builds, repositories } from '@/db/schema';
import type { BuildRow } from '@/lib/services/build-moves';
import type { RepositoryRow } from '@/lib/services/repositories';

/** A build and the repository it pushes to, or `null`. For background work: it asks for no actor. */
export async function readBuildTarget(
  buildId: string,
): Promise<{ build: BuildRow; repository: RepositoryRow } | null> {
  const [row] = await db()
    .select({ build: builds, repository: repositories })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .where(eq(builds.id, buildId));
  return row ?? null;
}

/** Locks a build that is to be published: a job that ran twice finds the first run's ending and leaves it. */
export async function isStillVerifying(
  tx: Transaction,
  buildId: string,
): Promise<boolean> {
  const [now] = await tx
    .select({ state: builds.state })
    .from(builds)
    .where(eq(builds.id, buildId))
    .for('update');
  return now?.state === 'verifying';
}
