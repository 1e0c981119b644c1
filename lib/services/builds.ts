import 'server-only';
import { and, desc, eq, lt } from 'drizzle-orm';
import { db } from '@/db';
import { builds, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildId, RebuildInput, StartBuild } from '@/lib/build/schema';
import { canCancel } from '@/lib/build/state';
import type { BuildItemView } from '@/lib/build/views';
import { AppError } from '@/lib/errors';
import { queueBuild, type Started } from '@/lib/services/build-queue';
import { requireBuild } from '@/lib/services/build-events';
import { moveBuild } from '@/lib/services/build-moves';
import { selectItems } from '@/lib/services/build-views';

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

export type BuildFilter = {
  /** Builds older than this one. */
  before?: string | undefined;
  specId?: string | undefined;
  digest?: { repositoryId: string; digest: string } | undefined;
  limit?: number | undefined;
};

/** Builds of the team, newest first, by key. */
export async function listBuilds(
  actor: Actor,
  filter: BuildFilter = {},
): Promise<{ items: BuildItemView[]; next: string | null }> {
  const limit = filter.limit ?? 50;
  const items = await selectItems(
    and(
      eq(builds.teamId, actor.teamId),
      filter.before ? lt(builds.id, filter.before) : undefined,
      filter.specId ? eq(builds.specId, filter.specId) : undefined,
      filter.digest
        ? and(
            eq(builds.repositoryId, filter.digest.repositoryId),
            eq(builds.digest, filter.digest.digest),
          )
        : undefined,
    ),
    desc(builds.id),
    limit + 1,
  );
  const page = items.slice(0, limit);
  return {
    items: page,
    next: items.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
