import 'server-only';
import { and, asc, count, eq, gt, inArray, sql } from 'drizzle-orm';
import { db } from '@/db';
import { builds, registries, repositories, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { explainQueued, type QueuedBuild } from '@/lib/build/queue-reason';
import { LEASED_STATES } from '@/lib/build/state';
import type { BuildView, QueueView } from '@/lib/build/views';
import { seenWorkers } from '@/lib/services/workers';

/**
 * Where a queued build stands, and why it does not start. `base` is the build it waits for, whatever its state. One with
 * parts stands where the first of them does, and cannot start when one of them cannot.
 */
export async function readQueue(
  actor: Actor,
  buildId: string,
  base: BuildView['base'] = null,
): Promise<QueueView> {
  const parts = await db()
    .select({ id: builds.id })
    .from(builds)
    .where(and(eq(builds.partOfId, buildId), eq(builds.state, 'queued')))
    .orderBy(asc(builds.id));
  const queues = await Promise.all(
    parts.map(({ id }) => readOwnQueue(actor, id, base)),
  );
  const [first] = queues.toSorted((a, b) => a.position - b.position);
  if (!first) return readOwnQueue(actor, buildId, base);
  const stuck = queues.find(({ canStart }) => !canStart) ?? first;
  return { ...stuck, position: first.position };
}

async function readOwnQueue(
  actor: Actor,
  buildId: string,
  base: BuildView['base'],
): Promise<QueueView> {
  const [row] = await db()
    .select({
      build: builds,
      registry: registries,
      fields: specRevisions.fields,
    })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
    .leftJoin(registries, eq(registries.id, repositories.registryId))
    .where(and(eq(builds.id, buildId), eq(builds.teamId, actor.teamId)));
  if (!row) return { position: 1, reason: '', canStart: true };
  const { platform, labels } = row.build;
  const position = await readPosition(actor.teamId, buildId);
  const queued: QueuedBuild = {
    platform,
    labels,
    mountsSecret: (row.fields.pip_secret_mounts ?? []).length > 0,
    position,
    waitsFor: base && base.state !== 'published' ? base : null,
    registry: await readLimit(actor.teamId, row.registry),
  };
  const seen = await seenWorkers(actor.teamId);
  return { position, ...explainQueued(queued, seen) };
}

/** From 1: each person's builds in their order, persons in turns, as `findNext` takes them. */
async function readPosition(teamId: string, buildId: string): Promise<number> {
  const { rows } = await db().execute<{ ahead: string }>(sql`
    with running as (
      select started_by, count(*) as n from builds
      where team_id = ${teamId} and state = any(${sql.param(LEASED_STATES)}) and current_attempt > 0 group by started_by
    ), queued as (
      select b.id, coalesce(r.n, 0) + row_number() over (partition by b.started_by order by b.id) as turn
      from builds b left join running r on r.started_by is not distinct from b.started_by
      where b.team_id = ${teamId} and b.state = 'queued'
        and not exists (select 1 from builds part where part.part_of_id = b.id)
    )
    select count(*) as ahead from queued q, queued me
    where me.id = ${buildId} and (q.turn, q.id) < (me.turn, me.id)`);
  return Number(rows[0]?.ahead ?? 0) + 1;
}

async function readLimit(
  teamId: string,
  registry: typeof registries.$inferSelect | null,
): Promise<QueuedBuild['registry']> {
  if (!registry?.maxBuilds) return null;
  const [found] = await db()
    .select({ running: count() })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .where(
      and(
        eq(builds.teamId, teamId),
        inArray(builds.state, LEASED_STATES),
        gt(builds.currentAttempt, 0),
        eq(repositories.registryId, registry.id),
      ),
    );
  const { name, maxBuilds: max } = registry;
  return { name, max, running: found?.running ?? 0 };
}
