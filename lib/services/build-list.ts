import 'server-only';
import {
  and,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  lt,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { db } from '@/db';
import {
  buildAttempts,
  buildBatches,
  builds,
  imageSpecs,
  repositories,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildListView } from '@/lib/build/history-views';
import {
  type BuildFilter,
  type BuildPage,
  readBuildSearch,
  statesOf,
} from '@/lib/build/list-filter';
import type { BuildItemView } from '@/lib/build/views';
import { selectItems } from '@/lib/services/build-items';
import { isWhole } from '@/lib/services/whole-builds';

const PAGE = 50;
/** Counted exactly below it; above it people are told "1,000+". */
const COUNT_LIMIT = 1_000;
/** The longest are looked for among so many of the newest: there is no index by how long a build ran. */
const LONGEST_OF = 5_000;
/** As many bars as stand above a list. */
const RECENT = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

const ranFor = sql<string>`(${builds.finishedAt} - ${builds.startedAt})`;

/** Builds of the team that fit the filter, by key: the newest first, or the longest of the newest 5,000. */
export async function listBuilds(
  actor: Actor,
  page: BuildPage = {},
): Promise<BuildListView> {
  const [found, [counted]] = await Promise.all([
    buildPage(actor, page, PAGE + 1),
    buildCount(actor, page),
  ]);
  const ids = found.slice(0, PAGE).map(({ id }) => id);
  return {
    items: await readItems(ids),
    count: counted?.count ?? 0,
    next: found.length > PAGE ? (ids.at(-1) ?? null) : null,
  };
}

/** The last 30 builds that fit the filter, the newest first, however the list itself is sorted. */
export async function recentBuilds(
  actor: Actor,
  { sort: _, ...filter }: BuildFilter,
): Promise<BuildItemView[]> {
  const found = await buildPage(actor, filter, RECENT);
  return readItems(found.map(({ id }) => id));
}

async function readItems(ids: readonly string[]): Promise<BuildItemView[]> {
  if (ids.length === 0) return [];
  const items = await selectItems(
    inArray(builds.id, [...ids]),
    desc(builds.id),
    ids.length,
  );
  return items.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** The ids of a page, for `listBuilds` and for the test that reads its plan. */
export function buildPage(
  actor: Actor,
  { before, ...filter }: BuildPage,
  limit: number,
) {
  if (filter.sort === 'longest')
    return longestPage(actor, filter, before, limit);
  return db()
    .select({ id: builds.id })
    .from(builds)
    .where(
      and(
        ...conditions(actor, filter),
        before ? lt(builds.id, before) : undefined,
      ),
    )
    .orderBy(desc(builds.id))
    .limit(limit);
}

function longestPage(
  actor: Actor,
  filter: BuildFilter,
  before: string | undefined,
  limit: number,
) {
  const newest = db()
    .select({ id: builds.id, took: ranFor.as('took') })
    .from(builds)
    .where(and(...conditions(actor, filter)))
    .orderBy(desc(builds.id))
    .limit(LONGEST_OF)
    .as('newest');
  return db()
    .select({ id: newest.id })
    .from(newest)
    .where(
      before
        ? sql`(${newest.took}, ${newest.id}) < (select ${ranFor}, ${builds.id} from ${builds} where ${builds.id} = ${before} and ${builds.teamId} = ${actor.teamId})`
        : undefined,
    )
    .orderBy(desc(newest.took), desc(newest.id))
    .limit(limit);
}

/** How many fit the filter, at most one more than is counted exactly. */
export function buildCount(actor: Actor, filter: BuildFilter) {
  const some = db()
    .select({ one: sql`1`.as('one') })
    .from(builds)
    .where(and(...conditions(actor, filter)))
    // In the list's own order, so that its index serves here too.
    .orderBy(desc(builds.id))
    .limit(COUNT_LIMIT + 1)
    .as('some');
  return db()
    .select({ count: sql<number>`count(*)::int` })
    .from(some);
}

function conditions(actor: Actor, filter: BuildFilter): (SQL | undefined)[] {
  const { state, spec, person, worker, registry, batch, q, since, sort } =
    filter;
  return [
    eq(builds.teamId, actor.teamId),
    isWhole,
    state && inArray(builds.state, [...statesOf(state)]),
    spec === undefined ? undefined : eq(builds.specId, spec),
    person === undefined ? undefined : eq(builds.startedBy, person),
    worker === undefined ? undefined : isOnWorker(worker),
    registry === undefined ? undefined : isInRegistry(actor, registry),
    batch === undefined ? undefined : isInBatch(batch),
    q === undefined ? undefined : isFoundBy(actor, q),
    since && gte(builds.createdAt, new Date(Date.now() - +since * DAY_MS)),
    ...(sort === 'longest'
      ? [isNotNull(builds.startedAt), isNotNull(builds.finishedAt)]
      : []),
  ];
}

/**
 * Of a build itself, or of one of its parts. Asked build by build, as a value and not as EXISTS: PostgreSQL would read every
 * attempt of a busy worker first.
 */
function isOnWorker(workerId: string): SQL {
  return sql`coalesce((select ${buildAttempts.workerId} = ${workerId} from ${buildAttempts}
    where ${buildAttempts.buildId} = ${builds.id} and ${buildAttempts.attempt} = ${builds.currentAttempt}),
    (select bool_or(run.worker_id = ${workerId}) from builds part
      join build_attempts run on run.build_id = part.id and run.attempt = part.current_attempt
      where part.part_of_id = ${builds.id}), false)`;
}

function isInRegistry(actor: Actor, registryId: string): SQL {
  return inArray(
    builds.repositoryId,
    db()
      .select({ id: repositories.id })
      .from(repositories)
      .where(
        and(
          eq(repositories.teamId, actor.teamId),
          eq(repositories.registryId, registryId),
        ),
      ),
  );
}

function isInBatch(batchId: string): SQL {
  return inArray(
    builds.id,
    db()
      .select({ id: buildBatches.buildId })
      .from(buildBatches)
      .where(eq(buildBatches.batchId, batchId)),
  );
}

function isFoundBy(actor: Actor, q: string): SQL | undefined {
  const { text, number, digest } = readBuildSearch(q);
  const named = db()
    .select({ id: imageSpecs.id })
    .from(imageSpecs)
    .where(
      and(
        eq(imageSpecs.teamId, actor.teamId),
        sql`strpos(lower(${imageSpecs.name}), lower(${text})) > 0`,
      ),
    );
  return or(
    inArray(builds.specId, named),
    sql`strpos(lower(${builds.tag}), lower(${text})) > 0`,
    number === null ? undefined : eq(builds.number, number),
    digest === null
      ? undefined
      : and(
          eq(builds.state, 'published'),
          sql`starts_with(${builds.digest}, ${digest})`,
        ),
  );
}
