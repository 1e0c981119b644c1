import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { builds, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildId, RebuildInput, StartBuild } from '@/lib/build/schema';
import { canCancel } from '@/lib/build/state';
import { AppError } from '@/lib/errors';
import { queueBuild, type Started } from '@/lib/services/build-queue';
import { requireBuild } from '@/lib/services/build-events';
import { moveBuild } from '@/lib/services/build-moves';

/** Queues a build of a spec's revision. Throws NOT_FOUND, SPEC_ARCHIVED, SPEC_INVALID (no registry to push to). */
export async function startBuild(
  actor: Actor,
  input: StartBuild,
): Promise<Started> {
  return db().transaction((tx) =>
    queueBuild(tx, actor, { ...input, cause: 'manual' }),
  );
}

/** Queues a build of the same revision again. */
export async function rebuild(
  actor: Actor,
  input: RebuildInput,
): Promise<Started> {
  const earlier = await requireBuild(actor.teamId, input.buildId);
  return db().transaction(async (tx) => {
    const [revision] = await tx
      .select({ number: specRevisions.number })
      .from(specRevisions)
      .where(eq(specRevisions.id, earlier.revisionId));
    return queueBuild(tx, actor, {
      specId: earlier.specId,
      revision: revision?.number,
      noCache: input.noCache,
      cause: 'rebuild',
    });
  });
}

/**
 * Stops a build: one that waits ends at once, one that runs becomes `cancelling` until its worker says so or its lease
 * ends. Cancelling twice is cancelling once. Throws BUILD_NOT_MOVABLE when it is too late.
 */
export async function cancelBuild(
  actor: Actor,
  input: BuildId,
): Promise<{ state: 'cancelled' | 'cancelling' }> {
  return db().transaction(async (tx) => {
    const [build] = await tx
      .select()
      .from(builds)
      .where(and(eq(builds.id, input.buildId), eq(builds.teamId, actor.teamId)))
      .for('update');
    if (!build) throw new AppError('NOT_FOUND', 'There is no such build.');
    if (build.state === 'cancelling' || build.state === 'cancelled')
      return { state: build.state };
    if (!canCancel(build.state))
      throw new AppError(
        'BUILD_NOT_MOVABLE',
        `The build is ${build.state} already.`,
      );
    const state = build.state === 'queued' ? 'cancelled' : 'cancelling';
    await moveBuild(tx, build, state, { cancelledBy: actor.userId });
    return { state };
  });
}
