import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { buildAttempts, buildPackages, builds, buildSteps } from '@/db/schema';
import type { ImagePackages } from '@/lib/build/packages';
import { hideSecrets } from '@/lib/build/hide-secrets';
import { WorkerEvent } from '@/lib/build/protocol';
import type { Redactor } from '@/lib/build/redact';
import { AppError } from '@/lib/errors';
import { redactorOf } from '@/lib/services/attempt-redactors';
import { leaseEnd } from '@/lib/services/build-claim';
import { insertChunk } from '@/lib/services/build-log-store';
import { type BuildRow, moveBuild } from '@/lib/services/build-moves';
import { type AttemptKey, lockAttempt } from '@/lib/services/build-work';
import { notify } from '@/lib/services/notify';
import type { WorkerActor } from '@/lib/services/worker-auth';

type Parsed = {
  text: string;
  event: WorkerEvent;
  /** The worker had let a secret through. */
  isHidden?: true;
};
export type AppendAnswer = { nextSeq: number; isGap: boolean };

function parseEvents(body: string): Parsed[] {
  return body
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => {
      try {
        return { text, event: WorkerEvent.parse(JSON.parse(text)) };
      } catch (cause) {
        throw new AppError('INVALID_INPUT', 'An event could not be read.', {
          cause,
        });
      }
    });
}

/** A worker hides what it was given by itself; one that fails to must not fill the store with it. */
function hideIn(parsed: Parsed[], redactor: Redactor): Parsed[] {
  const events = parsed.map(({ event }) => event);
  return hideSecrets(events, redactor).map((event, at) => {
    const known = parsed[at];
    return known?.event === event
      ? known
      : { text: JSON.stringify(event), event, isHidden: true };
  });
}

/**
 * Stores events `from`, `from + 1`, … of an attempt, given as one JSON text a line. What is stored already is trimmed;
 * a gap stores nothing. Number, rows, steps and state change in one transaction, so nothing is lost and nothing doubles.
 */
export async function appendEvents(
  worker: WorkerActor,
  key: AttemptKey,
  from: number,
  body: string,
): Promise<AppendAnswer> {
  const parsed = hideIn(parseEvents(body), await redactorOf(worker, key));
  return db().transaction(async (tx) => {
    const { build, attempt } = await lockAttempt(tx, worker, key);
    if (from > attempt.nextSeq)
      return { nextSeq: attempt.nextSeq, isGap: true };
    const fresh = parsed.slice(attempt.nextSeq - from);
    if (fresh.length === 0) return { nextSeq: attempt.nextSeq, isGap: false };
    const lines = fresh.filter(({ event }) => event.kind === 'line').length;
    const nextSeq = attempt.nextSeq + fresh.length;
    const bytes = await insertChunk(tx, key, {
      firstSeq: attempt.nextSeq,
      firstLine: attempt.lineCount + 1,
      lines,
      texts: fresh.map(({ text }) => text),
    });
    await tx
      .update(buildAttempts)
      .set({
        nextSeq,
        lineCount: attempt.lineCount + lines,
        logBytes: attempt.logBytes + bytes,
        leaseUntil: leaseEnd,
      })
      .where(
        and(
          eq(buildAttempts.buildId, key.buildId),
          eq(buildAttempts.attempt, key.attempt),
        ),
      );
    await applyEvents(tx, build, key, attempt.nextSeq, fresh);
    await notify(tx, `build:${key.buildId}`);
    return { nextSeq, isGap: false };
  });
}

const HIDDEN_HERE =
  'The worker let a secret through in this step. It was hidden here, before it was stored.';

type StepCount = {
  lines: number;
  bytes: number;
  firstSeq: number;
  lastSeq: number;
};

async function applyEvents(
  tx: Transaction,
  build: BuildRow,
  key: AttemptKey,
  firstSeq: number,
  fresh: Parsed[],
) {
  const latest = new Map<
    string,
    { seq: number; event: Extract<WorkerEvent, { kind: 'step' }> }
  >();
  const counts = new Map<string, StepCount>();
  const clipped = new Map<string, string>();
  let state = build.state;
  for (const [index, { event, isHidden }] of fresh.entries()) {
    const seq = firstSeq + index;
    if (isHidden && event.kind === 'line') clipped.set(event.step, HIDDEN_HERE);
    switch (event.kind) {
      case 'step':
        latest.set(event.key, { seq, event });
        break;
      case 'line': {
        const count = counts.get(event.step) ?? {
          lines: 0,
          bytes: 0,
          firstSeq: seq,
          lastSeq: seq,
        };
        counts.set(event.step, {
          lines: count.lines + 1,
          bytes: count.bytes + Buffer.byteLength(event.text) + 1,
          firstSeq: count.firstSeq,
          lastSeq: seq,
        });
        break;
      }
      case 'clipped':
        clipped.set(event.step, event.reason);
        break;
      case 'dockerfile':
        await setAttempt(tx, key, { dockerfile: event.text });
        break;
      case 'state':
        state = await applyState(tx, { ...build, state }, key, event.state);
        break;
      case 'packages':
        await storePackages(tx, key, event.found);
        break;
      case 'progress':
        break;
    }
  }
  for (const { seq, event } of latest.values())
    await upsertStep(tx, key, seq, event);
  for (const [step, count] of counts) await countLines(tx, key, step, count);
  for (const [step, reason] of clipped)
    await setStep(tx, key, step, { clipped: reason });
}

async function storePackages(
  tx: Transaction,
  key: AttemptKey,
  found: ImagePackages,
) {
  await tx
    .insert(buildPackages)
    .values({ ...key, found })
    .onConflictDoUpdate({
      target: [buildPackages.buildId, buildPackages.attempt],
      set: { found },
    });
}

/** A state the worker reports moves the build only forward; a build being cancelled stays so, but notes the push. */
async function applyState(
  tx: Transaction,
  build: BuildRow,
  key: AttemptKey,
  reported: 'building' | 'pushing',
) {
  if (reported === 'pushing') await setAttempt(tx, key, { pushBegan: true });
  if (build.state === 'cancelling') return build.state;
  await moveBuild(tx, build, reported);
  return reported;
}

async function setAttempt(
  tx: Transaction,
  key: AttemptKey,
  change: { dockerfile?: string; pushBegan?: boolean },
) {
  await tx
    .update(buildAttempts)
    .set(change)
    .where(
      and(
        eq(buildAttempts.buildId, key.buildId),
        eq(buildAttempts.attempt, key.attempt),
      ),
    );
}

const ofStep = (key: AttemptKey, step: string) =>
  and(
    eq(buildSteps.buildId, key.buildId),
    eq(buildSteps.attempt, key.attempt),
    eq(buildSteps.key, step),
  );

async function setStep(
  tx: Transaction,
  key: AttemptKey,
  step: string,
  change: { clipped: string },
) {
  await tx.update(buildSteps).set(change).where(ofStep(key, step));
}

async function upsertStep(
  tx: Transaction,
  key: AttemptKey,
  seq: number,
  event: Extract<WorkerEvent, { kind: 'step' }>,
): Promise<void> {
  const {
    kind: _kind,
    at: _at,
    key: stepKey,
    position,
    startedAt,
    completedAt,
    ...rest
  } = event;
  const values = {
    ...rest,
    seq,
    startedAt: startedAt === null ? null : new Date(startedAt),
    completedAt: completedAt === null ? null : new Date(completedAt),
  };
  await tx
    .insert(buildSteps)
    .values({ ...key, key: stepKey, position, ...values })
    .onConflictDoUpdate({
      target: [buildSteps.buildId, buildSteps.attempt, buildSteps.key],
      set: values,
    });
}

async function countLines(
  tx: Transaction,
  key: AttemptKey,
  step: string,
  count: StepCount,
): Promise<void> {
  await tx
    .update(buildSteps)
    .set({
      lineCount: sql`${buildSteps.lineCount} + ${count.lines}`,
      logBytes: sql`${buildSteps.logBytes} + ${count.bytes}`,
      firstLineSeq: sql`coalesce(${buildSteps.firstLineSeq}, ${count.firstSeq})`,
      lastLineSeq: count.lastSeq,
    })
    .where(ofStep(key, step));
}

/** Whether a build of the actor's team exists. Throws NOT_FOUND, before the first byte of a stream. */
export async function requireBuild(
  teamId: string,
  buildId: string,
): Promise<BuildRow> {
  const [build] = await db()
    .select()
    .from(builds)
    .where(and(eq(builds.id, buildId), eq(builds.teamId, teamId)));
  if (!build) throw new AppError('NOT_FOUND', 'There is no such build.');
  return build;
}
