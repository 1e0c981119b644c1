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
import { builds, registries, repositories, workers } from '@/db/schema';
import { LEASED_STATES } from '@/lib/build/state';
import type { BuildRow } from '@/lib/services/build-moves';
import { freeSlots, isLeft, mayTake } from '@/lib/services/worker-fit';

const bases = alias(builds, 'bases');
const others = alias(builds, 'others');
const theirs = alias(repositories, 'theirs');
/** A build with parts runs as they do, and no worker ever has it. */
const isOnWorker = gt(others.currentAttempt, 0);

/**
 * The queued build a worker takes next, locked, and the slots it has free before; `null` when there is none for it. It may
 * take a build by `mayTake` that is not left to another worker, whose base is published and whose registry has not as many
 * builds as it may have. Of those it takes one of the person who has the fewest running; among equals the one that waits
 * longest. Hold the team's claim lock: what runs is counted here.
 */
export async function findNext(
  tx: Transaction,
  workerId: string,
): Promise<{ build: BuildRow; freeSlots: number } | null> {
  const [row] = await tx
    .select({ build: builds, freeSlots: freeSlots(tx, workers) })
    .from(builds)
    .innerJoin(workers, eq(workers.id, workerId))
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .leftJoin(registries, eq(registries.id, repositories.registryId))
    .where(
      and(
        eq(builds.teamId, workers.teamId),
        eq(builds.state, 'queued'),
        mayTake(tx, workers),
        not(isLeft(tx)),
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
  return row ?? null;
}

function publishedBase(tx: Transaction) {
  return tx
    .select({ id: bases.id })
    .from(bases)
    .where(and(eq(bases.id, builds.baseBuildId), eq(bases.state, 'published')));
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
