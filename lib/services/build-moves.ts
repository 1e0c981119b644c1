import 'server-only';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { type buildAttempts, builds } from '@/db/schema';
import {
  type BuildState,
  canMove,
  isLeased,
  isMoving,
} from '@/lib/build/state';
import { AppError } from '@/lib/errors';
import { addJob } from '@/lib/services/jobs';
import { notify } from '@/lib/services/notify';

export type BuildRow = typeof builds.$inferSelect;
export type AttemptRow = typeof buildAttempts.$inferSelect;

type Change = Partial<
  Pick<
    BuildRow,
    | 'currentAttempt'
    | 'cancelledBy'
    | 'failureCode'
    | 'failureMessage'
    | 'failureStep'
    | 'failureExitCode'
    | 'digest'
    | 'verifiedBy'
    | 'isReused'
    | 'sourceBuildId'
    | 'supersededById'
  >
>;

/**
 * The one verb that changes a build's state. Updates only a build still in the state and attempt of `from`; otherwise,
 * and for a move the state machine does not know, throws BUILD_NOT_MOVABLE. Write steps, lines and outputs that belong
 * to the new state in the same transaction: whoever reads a final state may then read everything else.
 */
export async function moveBuild(
  tx: Transaction,
  from: Pick<BuildRow, 'id' | 'teamId' | 'state' | 'currentAttempt'>,
  to: BuildState,
  change: Change = {},
): Promise<void> {
  const isPublishedUnbuilt = from.state === 'queued' && to === 'published';
  if (
    !canMove(from.state, to) ||
    (isPublishedUnbuilt && change.isReused !== true)
  ) {
    throw new AppError(
      'BUILD_NOT_MOVABLE',
      `A build that is ${from.state} cannot become ${to}.`,
    );
  }
  const [moved] = await tx
    .update(builds)
    .set({
      ...change,
      state: to,
      ...(to === 'claimed'
        ? { startedAt: sql`coalesce(${builds.startedAt}, now())` }
        : {}),
      ...(isMoving(to) ? {} : { finishedAt: sql`now()` }),
    })
    .where(
      and(
        eq(builds.id, from.id),
        eq(builds.state, from.state),
        eq(builds.currentAttempt, from.currentAttempt),
      ),
    )
    .returning({ partOfId: builds.partOfId });
  if (!moved)
    throw new AppError(
      'BUILD_NOT_MOVABLE',
      'The build has moved on in the meantime.',
    );
  await notify(tx, `build:${from.id}`);
  if (moved.partOfId !== null) await tellWhole(tx, moved.partOfId, from, to);
  // A build waits, or a slot is free, or what waited for this one may go on.
  if (!isLeased(to)) await notify(tx, `queue:${from.teamId}`);
  if (to !== 'published' && !isMoving(to)) await failWaiting(tx, from.id, to);
}

/**
 * The build follows its part by a job of its own: who holds a part never waits for the build, so that no two wait for each
 * other. Each move is a job, because one that runs may have read the part already.
 */
async function tellWhole(
  tx: Transaction,
  buildId: string,
  part: Pick<BuildRow, 'id' | 'teamId' | 'currentAttempt'>,
  to: BuildState,
): Promise<void> {
  await notify(tx, `build:${buildId}`);
  await addJob(tx, {
    teamId: part.teamId,
    kind: 'follow_parts',
    key: `${part.id}:${part.currentAttempt}:${to}`,
    payload: { buildId },
  });
}

const ENDED: Partial<Record<BuildState, string>> = {
  failed: 'failed',
  cancelled: 'was cancelled',
  timed_out: 'took too long',
  lost: 'lost its worker',
};

/** What waits for a base image that will not come fails with it, and so on up the chain. */
async function failWaiting(
  tx: Transaction,
  baseBuildId: string,
  state: BuildState,
): Promise<void> {
  const waiting = await tx
    .select()
    .from(builds)
    .where(and(eq(builds.baseBuildId, baseBuildId), eq(builds.state, 'queued')))
    // A build before its parts, as everywhere.
    .orderBy(asc(builds.id))
    .for('update');
  if (waiting.length === 0) return;
  const [base] = await tx
    .select({ number: builds.number })
    .from(builds)
    .where(eq(builds.id, baseBuildId));
  for (const build of waiting) {
    await moveBuild(tx, build, 'failed', {
      failureCode: 'BUILD_BASE_FAILED',
      failureMessage: `Its base image, build #${base?.number}, ${ENDED[state] ?? 'has no image'}.`,
    });
  }
}
