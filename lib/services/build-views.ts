import 'server-only';
import { and, asc, eq } from 'drizzle-orm';
import { db } from '@/db';
import {
  buildAttempts,
  builds,
  buildSteps,
  imageSpecs,
  users,
  workers,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type {
  AttemptDetailView,
  AttemptView,
  BuildView,
  StepView,
} from '@/lib/build/views';
import { AppError } from '@/lib/errors';
import { readBases } from '@/lib/services/base-drift';
import { readAskView } from '@/lib/services/build-ask-view';
import { readBuildInputs } from '@/lib/services/build-inputs';
import {
  findPrevious,
  readFailureSource,
} from '@/lib/services/build-definition';
import { selectItems } from '@/lib/services/build-items';
import type { AttemptRow } from '@/lib/services/build-moves';
import { readOutputs, readParts } from '@/lib/services/build-part-views';
import { readQueue } from '@/lib/services/build-wait';
import { keptCount } from '@/lib/services/kept-lines';
import { getRecordAttempt } from '@/lib/services/record-views';
import { readRemoved, type StoredLog } from '@/lib/services/stored-logs';

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** The view of one stored step; `removed` is what stayed of its log, when that was removed. */
export function toStepView(
  row: typeof buildSteps.$inferSelect,
  removed: StoredLog['removed'] = null,
): StepView {
  const lines = removed ? keptCount(removed.lines, row.key) : row.lineCount;
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
    lines,
    ...(removed ? { removedLines: row.lineCount - lines } : {}),
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
    madeWith: row.madeWith,
    log: row.logRemoval ? 'removed' : isOver ? ended : 'live',
    removal: row.logRemoval,
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
    .select({
      verifiedBy: builds.verifiedBy,
      baseBuildId: builds.baseBuildId,
      keptAt: builds.keptAt,
      keptBy: users.name,
      partOfId: builds.partOfId,
    })
    .from(builds)
    .leftJoin(users, eq(users.id, builds.keptBy))
    .where(ofTeam);
  const base = await readBase(extra?.baseBuildId ?? null);
  const current = attempts.find(({ row }) => row.attempt === item.attempt);
  const removed = current ? readRemoved(current.row) : null;
  const shownSteps = steps
    .filter((step) => step.attempt === item.attempt)
    .map((step) => toStepView(step, removed));
  const partOfId = extra?.partOfId ?? null;
  const [parts, outputs] = await Promise.all([
    readParts(actor, item.id, base),
    readOutputs(item.id),
  ]);
  return {
    ...item,
    // They have the same number.
    partOf: partOfId === null ? null : { id: partOfId, number: item.number },
    parts,
    outputs,
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
    ...(await readBuildInputs(actor.teamId, item.revision.id)),
    queue:
      item.state === 'queued' ? await readQueue(actor, item.id, base) : null,
    previous: await findPrevious(item, partOfId !== null),
    kept: extra?.keptAt
      ? { at: extra.keptAt.toISOString(), by: extra.keptBy }
      : null,
    ask: await readAskView(partOfId ?? buildId),
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

/** The steps and Dockerfile of one attempt, also of an imported build. Throws NOT_FOUND, for another team's too. */
export async function getAttempt(
  actor: Actor,
  buildId: string,
  attempt: number,
): Promise<AttemptDetailView> {
  const [row] = await db()
    .select({
      dockerfile: buildAttempts.dockerfile,
      logRemoval: buildAttempts.logRemoval,
      lastLines: buildAttempts.lastLines,
    })
    .from(buildAttempts)
    .innerJoin(builds, eq(builds.id, buildAttempts.buildId))
    .where(
      and(
        eq(buildAttempts.buildId, buildId),
        eq(buildAttempts.attempt, attempt),
        eq(builds.teamId, actor.teamId),
      ),
    );
  if (!row) return getRecordAttempt(actor, buildId, attempt);
  const steps = await db()
    .select()
    .from(buildSteps)
    .where(
      and(eq(buildSteps.buildId, buildId), eq(buildSteps.attempt, attempt)),
    )
    .orderBy(asc(buildSteps.position));
  const removed = readRemoved(row);
  return {
    attempt,
    steps: steps.map((step) => toStepView(step, removed)),
    dockerfile: row.dockerfile,
  };
}
