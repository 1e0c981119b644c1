import 'server-only';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { builds, imageSpecs, registries, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildId, RebuildInput, StartBuild } from '@/lib/build/schema';
import { type BuildCause, canCancel } from '@/lib/build/state';
import type { BuildItemView } from '@/lib/build/views';
import { AppError } from '@/lib/errors';
import { requireBuild } from '@/lib/services/build-events';
import { moveBuild } from '@/lib/services/build-moves';
import { selectItems } from '@/lib/services/build-views';
import { notify } from '@/lib/services/notify';
import { ensureRepository } from '@/lib/services/repositories';

type Started = { id: string; number: number };

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

async function queueBuild(
  tx: Transaction,
  actor: Actor,
  input: StartBuild & { cause: BuildCause },
): Promise<Started> {
  const [row] = await tx
    .select({ spec: imageSpecs, revision: specRevisions, registry: registries })
    .from(imageSpecs)
    .innerJoin(
      specRevisions,
      and(
        eq(specRevisions.specId, imageSpecs.id),
        eq(
          specRevisions.number,
          input.revision ?? sql`${imageSpecs.currentRevision}`,
        ),
      ),
    )
    .leftJoin(registries, eq(registries.id, imageSpecs.registryId))
    .where(
      and(eq(imageSpecs.id, input.specId), eq(imageSpecs.teamId, actor.teamId)),
    );
  if (!row)
    throw new AppError('NOT_FOUND', 'There is no such spec or revision.');
  const { spec, revision, registry } = row;
  if (spec.archivedAt)
    throw new AppError('SPEC_ARCHIVED', `${spec.name} is archived.`);
  if (!registry || registry.archivedAt) {
    throw new AppError(
      'SPEC_INVALID',
      'This spec has no registry to push to. Edit it and choose one.',
    );
  }
  const repository = await ensureRepository(
    tx,
    actor.teamId,
    revision.imageName,
  );
  // One number after the other: whoever comes second waits for the first to commit.
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext(${`imageyard.build_number.${actor.teamId}`}))`,
  );
  const [made] = await tx
    .insert(builds)
    .values({
      teamId: actor.teamId,
      number: sql`(select coalesce(max(${builds.number}), 0) + 1 from ${builds} where ${builds.teamId} = ${actor.teamId})`,
      specId: spec.id,
      revisionId: revision.id,
      cause: input.cause,
      startedBy: actor.userId,
      platform: revision.fields.platform ?? 'linux/amd64',
      repositoryId: repository.id,
      tag: revision.tag,
      noCache: input.noCache,
      state: 'queued',
    })
    .returning({ id: builds.id, number: builds.number });
  if (!made) throw new Error('The build was not stored.');
  await notify(tx, `queue:${actor.teamId}`);
  return made;
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
