import 'server-only';
import { and, asc, eq, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import {
  buildAttempts,
  builds,
  buildSteps,
  imageSpecs,
  repositories,
  specRevisions,
  users,
  workers,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type {
  AttemptDetailView,
  AttemptView,
  BuildFailureView,
  BuildItemView,
  BuildView,
  StepView,
} from '@/lib/build/views';
import { AppError, type ErrorCode, ERRORS } from '@/lib/errors';
import { readBases } from '@/lib/services/base-drift';
import { readAskView } from '@/lib/services/build-ask-view';
import { readBuildHosts } from '@/lib/services/build-hosts';
import { readFailureSource } from '@/lib/services/build-definition';
import type { AttemptRow, BuildRow } from '@/lib/services/build-moves';
import { readQueue } from '@/lib/services/build-wait';

const starter = alias(users, 'starter');
const canceller = alias(users, 'canceller');
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
  }));
}

/** The view of one stored step. */
export function toStepView(row: typeof buildSteps.$inferSelect): StepView {
  return {
    key: row.key,
    position: row.position,
    parents: row.parents,
    stage: row.stage,
    name: row.name,
    state: row.state,
    cached: row.cached,
    startedAt: iso(row.startedAt),
    completedAt: iso(row.completedAt),
    error: row.error,
    exitCode: row.exitCode,
    lines: row.lineCount,
    clipped: row.clipped,
  };
}

function toAttemptView(
  row: AttemptRow,
  worker: string | null,
  isClipped: boolean,
  isVerifying: boolean,
): AttemptView {
  const isOver = row.outcome !== null || isVerifying;
  const ended = isClipped
    ? 'clipped'
    : row.isLogIntact === true
      ? 'complete'
      : 'incomplete';
  return {
    attempt: row.attempt,
    worker,
    claimedAt: row.claimedAt.toISOString(),
    finishedAt: iso(row.finishedAt),
    outcome: row.outcome,
    lines: row.lineCount,
    log: isOver ? ended : 'live',
  };
}

/** A build with its attempts, steps and Dockerfile. Throws NOT_FOUND, for another team's too. */
export async function getBuild(
  actor: Actor,
  buildId: string,
): Promise<BuildView> {
  const ofTeam = and(eq(builds.id, buildId), eq(builds.teamId, actor.teamId));
  const [item] = await selectItems(ofTeam, asc(builds.id), 1);
  if (!item) throw new AppError('NOT_FOUND', 'There is no such build.');
  const attempts = await db()
    .select({ row: buildAttempts, worker: workers.name })
    .from(buildAttempts)
    .leftJoin(workers, eq(workers.id, buildAttempts.workerId))
    .where(eq(buildAttempts.buildId, buildId))
    .orderBy(asc(buildAttempts.attempt));
  const steps = await db()
    .select()
    .from(buildSteps)
    .where(eq(buildSteps.buildId, buildId))
    .orderBy(asc(buildSteps.attempt), asc(buildSteps.position));
  const [extra] = await db()
    .select({ verifiedBy: builds.verifiedBy, baseBuildId: builds.baseBuildId })
    .from(builds)
    .where(ofTeam);
  const base = await readBase(extra?.baseBuildId ?? null);
  const current = attempts.find(({ row }) => row.attempt === item.attempt);
  const shownSteps = steps
    .filter((step) => step.attempt === item.attempt)
    .map(toStepView);
  return {
    ...item,
    attempts: attempts.map(({ row, worker }) =>
      toAttemptView(
        row,
        worker,
        steps.some(
          (step) => step.attempt === row.attempt && step.clipped !== null,
        ),
        item.state === 'verifying',
      ),
    ),
    steps: shownSteps,
    dockerfile: current?.row.dockerfile ?? null,
    verifiedBy: extra?.verifiedBy ?? null,
    failureSource: await readFailureSource(actor, item, shownSteps),
    base,
    bases: await readBases(actor, buildId),
    hosts: await readBuildHosts(actor.teamId, item.revision.id),
    queue:
      item.state === 'queued' ? await readQueue(actor, item.id, base) : null,
    ask: await readAskView(buildId),
  };
}

async function readBase(
  baseBuildId: string | null,
): Promise<BuildView['base']> {
  if (baseBuildId === null) return null;
  const [base] = await db()
    .select({
      id: builds.id,
      number: builds.number,
      specName: imageSpecs.name,
      state: builds.state,
    })
    .from(builds)
    .innerJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .where(eq(builds.id, baseBuildId));
  return base ?? null;
}

/** The steps and Dockerfile of one attempt. Throws NOT_FOUND, for another team's too. */
export async function getAttempt(
  actor: Actor,
  buildId: string,
  attempt: number,
): Promise<AttemptDetailView> {
  const [row] = await db()
    .select({ dockerfile: buildAttempts.dockerfile })
    .from(buildAttempts)
    .innerJoin(builds, eq(builds.id, buildAttempts.buildId))
    .where(
      and(
        eq(buildAttempts.buildId, buildId),
        eq(buildAttempts.attempt, attempt),
        eq(builds.teamId, actor.teamId),
      ),
    );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such attempt.');
  const steps = await db()
    .select()
    .from(buildSteps)
    .where(
      and(eq(buildSteps.buildId, buildId), eq(buildSteps.attempt, attempt)),
    )
    .orderBy(asc(buildSteps.position));
  return { attempt, steps: steps.map(toStepView), dockerfile: row.dockerfile };
}
