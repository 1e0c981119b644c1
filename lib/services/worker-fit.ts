import 'server-only';
import {
  and,
  eq,
  exists,
  inArray,
  isNull,
  not,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Transaction } from '@/db';
import { buildAttempts, builds, specRevisions, workers } from '@/db/schema';
import { canDo } from '@/lib/build/engine-abilities';
import { ENGINE_KINDS } from '@/lib/build/protocol';
import { LEASED_STATES } from '@/lib/build/state';

const natives = alias(workers, 'natives');
const held = alias(builds, 'held');
type AnyWorker = typeof workers | typeof natives;

/** Whose builds may hold no secret; releases of a kind do not differ in this. */
const KEEP_NO_SECRET = ENGINE_KINDS.filter(
  (kind) => !canDo({ kind, version: '' }, 'secretMount'),
);

/** A worker that has said nothing for this long is not counted on; its longest silence is one long poll. */
export const isOnline = (worker: AnyWorker): SQL<boolean> =>
  sql<boolean>`(${worker.refusedProtocol} is null and coalesce(${worker.lastSeenAt} > now() - interval '45 seconds', false))`;

/**
 * Whether a worker may take a build, by all that is the worker's: it is not paused or revoked and has a slot free, its engine
 * builds for the platform and can keep a secret where there is one, and it has all the labels (a reserved one: at least
 * one).
 */
export function mayTake(tx: Transaction, worker: AnyWorker): SQL | undefined {
  return and(
    isNull(worker.pausedAt),
    // Its poll may have begun before.
    isNull(worker.revokedAt),
    sql`${freeSlots(tx, worker)} > 0`,
    sql`${worker.engine} -> 'platforms' ? ${builds.platform}`,
    or(
      notInArray(sql<string>`${worker.engine} ->> 'kind'`, KEEP_NO_SECRET),
      not(exists(secretOf(tx))),
    ),
    sql`${builds.labels} <@ ${worker.labels}`,
    sql`(not ${worker.isReserved} or ${builds.labels} && ${worker.labels})`,
  );
}

/**
 * Whether a build is left to another worker: this one would emulate its platform, and one that runs it itself could take it
 * now.
 */
export function isLeft(tx: Transaction): SQL {
  const free = tx
    .select({ id: natives.id })
    .from(natives)
    .where(
      and(
        eq(natives.teamId, builds.teamId),
        isOnline(natives),
        not(emulates(natives)),
        mayTake(tx, natives),
      ),
    );
  return sql`(${emulates(workers)} and ${exists(free)})`;
}

const emulates = (worker: AnyWorker): SQL =>
  sql`coalesce(${worker.engine} -> 'emulated' ? ${builds.platform}, false)`;

/** How many more builds a worker may have in hand. */
export function freeSlots(tx: Transaction, worker: AnyWorker): SQL<number> {
  const count = tx
    .select({ count: sql`count(*)` })
    .from(buildAttempts)
    .innerJoin(
      held,
      and(
        eq(held.id, buildAttempts.buildId),
        eq(held.currentAttempt, buildAttempts.attempt),
        inArray(held.state, LEASED_STATES),
      ),
    )
    .where(
      and(eq(buildAttempts.workerId, worker.id), isNull(buildAttempts.outcome)),
    );
  return sql<number>`(${worker.slots} - (${count})::int)`;
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
