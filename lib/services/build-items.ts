import 'server-only';
import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import {
  buildAttempts,
  builds,
  buildSteps,
  imageSpecs,
  manifests,
  repositories,
  specRevisions,
  users,
  workers,
} from '@/db/schema';
import type { BuildFailureView, BuildItemView } from '@/lib/build/views';
import { type ErrorCode, ERRORS } from '@/lib/errors';
import type { BuildRow } from '@/lib/services/build-moves';

const starter = alias(users, 'starter');
const canceller = alias(users, 'canceller');
const made = alias(builds, 'made');
const iso = (date: Date | null) => date?.toISOString() ?? null;

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}

function toFailureView(build: BuildRow): BuildFailureView | null {
  if (build.failureCode === null) return null;
  const code = isErrorCode(build.failureCode) ? build.failureCode : 'INTERNAL';
  return {
    code,
    message: build.failureMessage ?? '',
    hint: ERRORS[code].hint,
    step: build.failureStep,
    exitCode: build.failureExitCode,
  };
}

/** Build rows with the names a person wants to see, in one query. */
export async function selectItems(
  where: SQL | undefined,
  order: SQL,
  limit: number,
): Promise<BuildItemView[]> {
  const cache = db()
    .select({
      cached: sql<number>`count(*) filter (where ${buildSteps.cached})`
        .mapWith(Number)
        .as('cached'),
      total: sql<number>`count(*)`.mapWith(Number).as('total'),
    })
    .from(made)
    .innerJoin(
      buildSteps,
      and(
        eq(buildSteps.buildId, made.id),
        eq(buildSteps.attempt, made.currentAttempt),
      ),
    )
    // The steps of its parts are those of a build.
    .where(or(eq(made.id, builds.id), eq(made.partOfId, builds.id)))
    .as('cache');
  const rows = await db()
    .select({
      build: builds,
      specName: imageSpecs.name,
      revision: specRevisions.number,
      host: repositories.host,
      path: repositories.path,
      startedBy: starter.name,
      cancelledBy: canceller.name,
      worker: workers.name,
      workerId: buildAttempts.workerId,
      cached: cache.cached,
      steps: cache.total,
      sizeBytes: manifests.sizeBytes,
    })
    .from(builds)
    .innerJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .leftJoin(starter, eq(starter.id, builds.startedBy))
    .leftJoin(canceller, eq(canceller.id, builds.cancelledBy))
    .leftJoin(
      buildAttempts,
      and(
        eq(buildAttempts.buildId, builds.id),
        eq(buildAttempts.attempt, builds.currentAttempt),
      ),
    )
    .leftJoin(workers, eq(workers.id, buildAttempts.workerId))
    .leftJoin(
      manifests,
      and(
        eq(manifests.repositoryId, builds.repositoryId),
        eq(manifests.digest, builds.digest),
      ),
    )
    .leftJoinLateral(cache, sql`true`)
    .where(where)
    .orderBy(order)
    .limit(limit);
  return rows.map(({ build, ...names }) => ({
    id: build.id,
    number: build.number,
    spec: { id: build.specId, name: names.specName },
    revision: { id: build.revisionId, number: names.revision },
    cause: build.cause,
    state: build.state,
    repository: { id: build.repositoryId, name: `${names.host}/${names.path}` },
    tag: build.tag,
    platform: build.platform,
    digest: build.state === 'published' ? build.digest : null,
    startedBy: names.startedBy,
    cancelledBy: names.cancelledBy,
    worker: names.worker,
    workerId: names.workerId,
    attempt: build.currentAttempt,
    failure: toFailureView(build),
    createdAt: build.createdAt.toISOString(),
    startedAt: iso(build.startedAt),
    finishedAt: iso(build.finishedAt),
    cache: { cached: names.cached ?? 0, total: names.steps ?? 0 },
    sizeBytes: build.state === 'published' ? names.sizeBytes : null,
  }));
}
