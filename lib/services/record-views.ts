import 'server-only';
import { and, desc, eq, lt, type SQL } from 'drizzle-orm';
import { db } from '@/db';
import { buildRecords, users } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildRecord, RecordAttempt } from '@/lib/build/build-record';
import type {
  RecordItemView,
  RecordListView,
  RecordPage,
  RecordView,
} from '@/lib/build/record-views';
import type {
  AttemptDetailView,
  AttemptView,
  BuildFailureView,
  StepView,
} from '@/lib/build/views';
import { AppError, type ErrorCode, ERRORS } from '@/lib/errors';
import { keptCount } from '@/lib/services/kept-lines';
import { findRecord } from '@/lib/services/record-store';

const PAGE = 50;

/** Whether a person may delete a record: who imported it, and owners. */
export function mayDelete(actor: Actor, importedBy: string | null): boolean {
  return actor.role === 'owner' || actor.userId === importedBy;
}

/** The imported builds of the team, the newest import first. */
export async function listRecords(
  actor: Actor,
  { before }: RecordPage,
): Promise<RecordListView> {
  const rows = await selectItems(
    actor,
    before === undefined ? undefined : lt(buildRecords.id, before),
    PAGE + 1,
  );
  const items = rows.slice(0, PAGE);
  const next = rows.length > PAGE ? (items.at(-1)?.id ?? null) : null;
  return { items, next };
}

/** Without what is in them, which is large. */
async function selectItems(
  actor: Actor,
  where: SQL | undefined,
  limit: number,
): Promise<RecordItemView[]> {
  const rows = await db()
    .select({
      id: buildRecords.id,
      specName: buildRecords.specName,
      number: buildRecords.number,
      state: buildRecords.state,
      builtAt: buildRecords.builtAt,
      fromUrl: buildRecords.fromUrl,
      fromTeam: buildRecords.fromTeam,
      importedById: buildRecords.importedBy,
      importedBy: users.name,
      importedAt: buildRecords.importedAt,
      sizeBytes: buildRecords.sizeBytes,
    })
    .from(buildRecords)
    .leftJoin(users, eq(users.id, buildRecords.importedBy))
    .where(and(eq(buildRecords.teamId, actor.teamId), where))
    .orderBy(desc(buildRecords.id))
    .limit(limit);
  return rows.map(({ fromUrl, fromTeam, importedById, ...row }) => ({
    ...row,
    builtAt: row.builtAt.toISOString(),
    importedAt: row.importedAt.toISOString(),
    from: { url: fromUrl, team: fromTeam },
    canDelete: mayDelete(actor, importedById),
  }));
}

/** An imported build as its page shows it. Throws NOT_FOUND, for another team's too. */
export async function getRecord(
  actor: Actor,
  recordId: string,
): Promise<RecordView> {
  const { record } = await findRecord(actor.teamId, recordId);
  const [item] = await selectItems(actor, eq(buildRecords.id, recordId), 1);
  if (!item) throw new AppError('NOT_FOUND', 'There is no such build.');
  const { attempts, ...rest } = record;
  return { ...rest, item, run: toRun(recordId, record, attempts) };
}

function toRun(
  id: string,
  { build, definition }: BuildRecord,
  attempts: readonly RecordAttempt[],
): RecordView['run'] {
  const current = attempts.find(({ attempt }) => attempt === build.attempt);
  return {
    id,
    number: build.number,
    state: build.state,
    createdAt: build.createdAt,
    startedAt: build.startedAt,
    finishedAt: build.finishedAt,
    attempt: build.attempt,
    attempts: attempts.map(toAttemptView),
    steps: current ? toSteps(current) : [],
    failure: toFailure(build.failure),
    dockerfile: current?.dockerfile ?? null,
    spec: { name: definition.spec },
    revision: { number: definition.revision },
  };
}

function toAttemptView({
  attempt,
  worker,
  claimedAt,
  finishedAt,
  outcome,
  lines,
  madeWith,
  log,
  removal,
}: RecordAttempt): AttemptView {
  return {
    attempt,
    worker,
    claimedAt,
    finishedAt,
    outcome,
    lines,
    madeWith,
    log,
    removal,
  };
}

function toSteps({ steps, removal, lastLines }: RecordAttempt): StepView[] {
  if (!removal) return steps;
  return steps.map((step) => {
    const lines = keptCount(lastLines, step.key);
    return { ...step, lines, removedLines: step.lines - lines };
  });
}

/** A code that this release does not know is told as one of its own. */
function toFailure(
  failure: BuildRecord['build']['failure'],
): BuildFailureView | null {
  if (!failure) return null;
  const code = Object.hasOwn(ERRORS, failure.code)
    ? (failure.code as ErrorCode)
    : 'INTERNAL';
  return { ...failure, code, hint: ERRORS[code].hint };
}

/** The steps and Dockerfile of one attempt of an imported build. Throws NOT_FOUND. */
export async function getRecordAttempt(
  actor: Actor,
  recordId: string,
  attempt: number,
): Promise<AttemptDetailView> {
  const { record } = await findRecord(actor.teamId, recordId);
  const found = record.attempts.find((one) => one.attempt === attempt);
  if (!found) throw new AppError('NOT_FOUND', 'There is no such attempt.');
  return { attempt, steps: toSteps(found), dockerfile: found.dockerfile };
}
