import 'server-only';
import {
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNull,
  or,
  sql,
} from 'drizzle-orm';
import { db } from '@/db';
import { builds, buildSteps, imageSpecs, registries, tasks } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { BUILD_STATES, type BuildState, isMoving } from '@/lib/build/state';
import type {
  BuildItemView,
  OverviewView,
  RunningBuildView,
} from '@/lib/build/views';
import { listAlerts } from '@/lib/services/alerts';
import { selectItems } from '@/lib/services/build-items';
import { readQueue } from '@/lib/services/build-wait';
import { listCredentialAttention } from '@/lib/services/registry-views';
import { listWorkers } from '@/lib/services/workers';
import { isWhole } from '@/lib/services/whole-builds';

const LIMIT = 10;
const MOVING = BUILD_STATES.filter(isMoving);
const BAD: BuildState[] = ['failed', 'timed_out', 'lost'];

/** What the first page shows. At most ten of each kind of build. */
export async function getOverview(actor: Actor): Promise<OverviewView> {
  const ofTeam = and(eq(builds.teamId, actor.teamId), isWhole);
  const newest = desc(builds.id);
  const [
    counts,
    published,
    { blocked },
    credentials,
    failing,
    moving,
    recent,
    alerts,
  ] = await Promise.all([
    getCounts(actor),
    selectItems(and(ofTeam, eq(builds.state, 'published')), newest, 1),
    listWorkers(actor),
    listCredentialAttention(actor),
    selectItems(and(ofTeam, isLastAndBad(actor.teamId)), newest, LIMIT),
    selectItems(
      and(ofTeam, inArray(builds.state, MOVING)),
      asc(builds.id),
      LIMIT,
    ),
    selectItems(
      and(
        ofTeam,
        inArray(
          builds.state,
          BUILD_STATES.filter((state) => !isMoving(state)),
        ),
      ),
      newest,
      LIMIT,
    ),
    listAlerts(actor, { isResolved: false }, LIMIT),
  ]);
  return {
    counts,
    hasPublished: published.length > 0,
    blocked,
    failing,
    credentials,
    running: await readRunning(actor, moving),
    recent,
    alerts: alerts.items,
  };
}

/** How many registries and specs (archived ones left out) and tasks the team has. */
export async function getCounts(actor: Actor): Promise<OverviewView['counts']> {
  const [[registry], [spec], [task]] = await Promise.all([
    db()
      .select({ count: count() })
      .from(registries)
      .where(
        and(eq(registries.teamId, actor.teamId), isNull(registries.archivedAt)),
      ),
    db()
      .select({ count: count() })
      .from(imageSpecs)
      .where(
        and(eq(imageSpecs.teamId, actor.teamId), isNull(imageSpecs.archivedAt)),
      ),
    db()
      .select({ count: count() })
      .from(tasks)
      .where(eq(tasks.teamId, actor.teamId)),
  ]);
  return {
    registries: registry?.count ?? 0,
    specs: spec?.count ?? 0,
    tasks: task?.count ?? 0,
  };
}

/** The last build of its spec that came to an end by itself, if it is a failure. A cancelled one says nothing. */
function isLastAndBad(teamId: string) {
  const told = sql.join(
    ['published', ...BAD].map((state) => sql`${state}`),
    sql`, `,
  );
  const bad = sql.join(
    BAD.map((state) => sql`${state}`),
    sql`, `,
  );
  return sql`${builds.id} in (
    select last.id from image_specs spec, lateral (
      select build.id, build.state from builds build
      where build.spec_id = spec.id and build.part_of_id is null and build.state in (${told})
      order by build.id desc limit 1
    ) last
    where spec.team_id = ${teamId} and spec.archived_at is null and last.state in (${bad})
  )`;
}

async function readRunning(
  actor: Actor,
  moving: BuildItemView[],
): Promise<RunningBuildView[]> {
  if (moving.length === 0) return [];
  const ids = moving.map(({ id }) => id);
  const steps = await db()
    .select({
      // The steps of its parts are those of a build.
      buildId: sql<string>`coalesce(${builds.partOfId}, ${builds.id})`,
      name: buildSteps.name,
      state: buildSteps.state,
    })
    .from(buildSteps)
    .innerJoin(
      builds,
      and(
        eq(builds.id, buildSteps.buildId),
        eq(builds.currentAttempt, buildSteps.attempt),
      ),
    )
    .where(or(inArray(builds.id, ids), inArray(builds.partOfId, ids)))
    .orderBy(buildSteps.position);
  return Promise.all(
    moving.map(async (build) => {
      const own = steps.filter((step) => step.buildId === build.id);
      return {
        build,
        steps: {
          done: own.filter((step) => step.state === 'done').length,
          total: own.length,
          current: own.find((step) => step.state === 'running')?.name ?? null,
        },
        queue:
          build.state === 'queued' ? await readQueue(actor, build.id) : null,
      };
    }),
  );
}
