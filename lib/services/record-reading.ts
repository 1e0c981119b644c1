import 'server-only';
import { and, asc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, builds } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import {
  type BuildRecord,
  RECORD_FORMAT,
  RECORD_VERSION,
  type RecordAttempt,
  type RecordPart,
} from '@/lib/build/build-record';
import { secretEnvValues } from '@/lib/build/record-secrets';
import { Redactor } from '@/lib/build/redact';
import { isMoving } from '@/lib/build/state';
import type { BuildPartView, BuildView, StepView } from '@/lib/build/views';
import { env } from '@/lib/env';
import { AppError } from '@/lib/errors';
import type { RevisionView } from '@/lib/imagespec/views';
import { readLayers } from '@/lib/services/build-comparison';
import { getBuildPackages } from '@/lib/services/build-packages';
import { getAttempt, getBuild } from '@/lib/services/build-views';
import { getRevision } from '@/lib/services/revision-views';
import { readRemoved } from '@/lib/services/stored-logs';

/**
 * The record of a build that is over, without its log, and what hides its secrets: also in the log. Throws NOT_FOUND, for
 * another team's too, and BUILD_NOT_MOVABLE while it moves.
 */
export async function readRecord(
  actor: Actor,
  buildId: string,
): Promise<{ record: BuildRecord; redactor: Redactor }> {
  const view = await getBuild(actor, buildId);
  if (isMoving(view.state))
    throw new AppError(
      'BUILD_NOT_MOVABLE',
      'A build is exported once it is over.',
    );
  const revision = await getRevision(actor, {
    specId: view.spec.id,
    number: view.revision.number,
  });
  const redactor = new Redactor(secretEnvValues(revision.fields));
  const record: BuildRecord = {
    format: RECORD_FORMAT,
    version: RECORD_VERSION,
    exported: {
      from: env().PUBLIC_URL,
      team: actor.teamName,
      by: actor.name,
      at: new Date().toISOString(),
    },
    build: await toRecordedBuild(view),
    definition: toDefinition(view, revision),
    outputs: {
      bases: view.bases.map(({ reference, digest }) => ({ reference, digest })),
      layers:
        view.digest === null
          ? null
          : await readLayers(view.repository.id, view.digest),
      sizeBytes: view.sizeBytes,
      packages: await readPackages(actor, buildId),
    },
    attempts: await readAttempts(actor, view),
    ...(view.parts.length > 0 && { parts: view.parts.map(toRecordPart) }),
  };
  return { record: redactAll(record, redactor), redactor };
}

async function readPackages(
  actor: Actor,
  buildId: string,
): Promise<BuildRecord['outputs']['packages']> {
  const found = await getBuildPackages(actor, buildId);
  return found && { groups: found.groups, missing: found.missing };
}

async function toRecordedBuild(view: BuildView): Promise<BuildRecord['build']> {
  const [row] = await db()
    .select({ noCache: builds.noCache, labels: builds.labels })
    .from(builds)
    .where(eq(builds.id, view.id));
  const { failure, base, ask } = view;
  return {
    number: view.number,
    state: view.state,
    cause: view.cause,
    platform: view.platform,
    repository: view.repository.name,
    tag: view.tag,
    digest: view.digest,
    verifiedBy: view.verifiedBy,
    isReused: ask.reused !== null,
    isWithoutCache: row?.noCache ?? false,
    labels: row?.labels ?? [],
    limits: ask.limits,
    startedBy: view.startedBy,
    askedBy: ask.askers.map(({ name }) => name),
    cancelledBy: view.cancelledBy,
    createdAt: view.createdAt,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt,
    attempt: view.attempt,
    failure: toFailure(failure),
    base: base && { specName: base.specName, number: base.number },
  };
}

function toFailure(
  failure: BuildView['failure'],
): BuildRecord['build']['failure'] {
  return (
    failure && {
      code: failure.code,
      message: failure.message,
      step: failure.step,
      exitCode: failure.exitCode,
    }
  );
}

function toRecordPart(part: BuildPartView): RecordPart {
  return {
    platform: part.platform,
    state: part.state,
    digest: part.digest,
    worker: part.worker,
    createdAt: part.createdAt,
    startedAt: part.startedAt,
    finishedAt: part.finishedAt,
    failure: toFailure(part.failure),
  };
}

function toDefinition(
  { spec }: BuildView,
  revision: RevisionView,
): BuildRecord['definition'] {
  const { base } = revision;
  return {
    spec: spec.name,
    revision: revision.number,
    message: revision.message,
    author: revision.author,
    createdAt: revision.createdAt,
    fields: revision.fields,
    requirements: revision.requirements,
    pyproject: revision.pyproject,
    secretNames: revision.secretNames,
    base: base && { name: base.name, revision: base.revision },
    archiveFiles: revision.archiveFiles,
    imageName: revision.imageName,
    tag: revision.tag,
    definitionHash: revision.definitionHash,
    flyteId: revision.flyteId,
    flytekitVersion: revision.flytekitVersion,
  };
}

async function readAttempts(
  actor: Actor,
  view: BuildView,
): Promise<RecordAttempt[]> {
  const rows = await db()
    .select({ row: buildAttempts })
    .from(buildAttempts)
    .innerJoin(builds, eq(builds.id, buildAttempts.buildId))
    .where(
      and(eq(buildAttempts.buildId, view.id), eq(builds.teamId, actor.teamId)),
    )
    .orderBy(asc(buildAttempts.attempt));
  const attempts: RecordAttempt[] = [];
  for (const { row } of rows) {
    const shown = view.attempts.find(({ attempt }) => attempt === row.attempt);
    if (!shown) continue;
    const { steps } = await getAttempt(actor, view.id, row.attempt);
    attempts.push({
      attempt: row.attempt,
      worker: shown.worker,
      madeWith: shown.madeWith,
      claimedAt: shown.claimedAt,
      finishedAt: shown.finishedAt,
      outcome: row.outcome,
      failureCode: row.failureCode,
      pushBegan: row.pushBegan,
      readBack: row.workerReadBack,
      dockerfile: row.dockerfile,
      steps: steps.map(toRecordStep),
      lines: row.lineCount,
      log: shown.log,
      removal: shown.removal,
      lastLines: [...(readRemoved(row)?.lines ?? [])],
    });
  }
  return attempts;
}

function toRecordStep({
  removedLines = 0,
  lines,
  ...step
}: StepView): RecordAttempt['steps'][number] {
  return { ...step, lines: lines + removedLines };
}

/** The same with what is secret hidden in every text of it. */
function redactAll<T>(value: T, redactor: Redactor): T {
  return JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'string' ? redactor.text(part) : part,
    ),
  ) as T;
}
