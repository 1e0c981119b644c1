import 'server-only';
import {
  and,
  asc,
  eq,
  exists,
  gt,
  inArray,
  isNull,
  not,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Transaction } from '@/db';
import {
  buildAttempts,
  builds,
  registries,
  repositories,
  specRevisions,
  workers,
} from '@/db/schema';
import { canDo, type EngineFacts } from '@/lib/build/engine-abilities';
import { LEASED_STATES } from '@/lib/build/state';
import type { BuildRow } from '@/lib/services/build-moves';

const bases = alias(builds, 'bases');
const others = alias(builds, 'others');
const theirs = alias(repositories, 'theirs');
/** A build with parts runs as they do, and no worker ever has it. */
const isOnWorker = gt(others.currentAttempt, 0);

/**
 * The queued build a worker takes next, locked, or `null`. A worker that is paused or revoked, or has as many builds as
 * slots, takes none. It can take a build for a platform of its engine, with no secret where its engine
 * cannot keep one, with labels it has all of (a reserved one: at least one), whose
 * base is published and whose registry has not as many builds as it may have. Of those it takes one of the person who has
 * the fewest running; among equals the one that waits longest. Hold the team's claim lock: what runs is counted here.
 */
export async function findNext(
  tx: Transaction,
  workerId: string,
  engine: EngineFacts & { platforms: readonly string[] },
): Promise<BuildRow | null> {
  const [row] = await tx
    .select({ build: builds })
    .from(builds)
    .innerJoin(workers, eq(workers.id, workerId))
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .leftJoin(registries, eq(registries.id, repositories.registryId))
    .where(
      and(
        eq(builds.teamId, workers.teamId),
        eq(builds.state, 'queued'),
        isNull(workers.pausedAt),
        // Its poll may have begun before.
        isNull(workers.revokedAt),
        sql`${countHeld(tx, workerId)} < ${workers.slots}`,
        inArray(builds.platform, [...engine.platforms]),
        canDo(engine, 'secretMount') ? undefined : not(exists(secretOf(tx))),
        sql`${builds.labels} <@ ${workers.labels}`,
        sql`(not ${workers.isReserved} or ${builds.labels} && ${workers.labels})`,
        or(isNull(builds.baseBuildId), exists(publishedBase(tx))),
        or(
          isNull(registries.maxBuilds),
          sql`${countAtRegistry(tx)} < ${registries.maxBuilds}`,
        ),
      ),
    )
    .orderBy(asc(sql`${countOfPerson(tx)}`), asc(builds.id))
    .limit(1)
    .for('update', { of: builds, skipLocked: true });
  return row?.build ?? null;
}

/** What of the revision of a queued build mounts a secret. */
function secretOf(tx: Transaction) {
  return tx
    .select({ id: specRevisions.id })
    .from(specRevisions)
    .where(
      and(
        eq(specRevisions.id, builds.revisionId),
        sql`jsonb_array_length(coalesce(nullif(${specRevisions.fields} -> 'pip_secret_mounts', 'null'), '[]')) > 0`,
      ),
    );
}

function publishedBase(tx: Transaction) {
  return tx
    .select({ id: bases.id })
    .from(bases)
    .where(and(eq(bases.id, builds.baseBuildId), eq(bases.state, 'published')));
}

/** How many builds a worker has in hand. */
function countHeld(tx: Transaction, workerId: string): SQL {
  const query = tx
    .select({ count: sql`count(*)` })
    .from(buildAttempts)
    .innerJoin(
      others,
      and(
        eq(others.id, buildAttempts.buildId),
        eq(others.currentAttempt, buildAttempts.attempt),
        inArray(others.state, LEASED_STATES),
      ),
    )
    .where(
      and(eq(buildAttempts.workerId, workerId), isNull(buildAttempts.outcome)),
    );
  return sql`(${query})`;
}

/** How many builds for the registry of a queued one run. */
function countAtRegistry(tx: Transaction): SQL {
  const query = tx
    .select({ count: sql`count(*)` })
    .from(others)
    .innerJoin(theirs, eq(theirs.id, others.repositoryId))
    .where(
      and(
        eq(others.teamId, builds.teamId),
        inArray(others.state, LEASED_STATES),
        isOnWorker,
        eq(theirs.registryId, repositories.registryId),
      ),
    );
  return sql`(${query})`;
}

/** How many builds the person who started a queued one has running. */
function countOfPerson(tx: Transaction): SQL {
  const query = tx
    .select({ count: sql`count(*)` })
    .from(others)
    .where(
      and(
        eq(others.teamId, builds.teamId),
        inArray(others.state, LEASED_STATES),
        isOnWorker,
        sql`${others.startedBy} is not distinct from ${builds.startedBy}`,
      ),
    );
  return sql`(${query})`;
}
