import 'server-only';
import { db } from '@/db';
import type { Actor } from '@/lib/auth';
import type { BuildId } from '@/lib/build/schema';
import { goesOnWithout } from '@/lib/build/askers';
import { canCancel } from '@/lib/build/state';
import { AppError } from '@/lib/errors';
import { listAskers, withdrawAsk } from '@/lib/services/build-asks';
import { requireBuild } from '@/lib/services/build-events';
import { moveBuild } from '@/lib/services/build-moves';
import { followParts, stopParts } from '@/lib/services/build-parts';

/**
 * Stops a build with its parts: what waits ends at once, what runs becomes `cancelling` until its worker says so or its
 * lease ends. One of several who asked for it only withdraws; the last one's cancel, and that of somebody who never asked,
 * stops it. A part is stopped with its build. Cancelling twice is cancelling once. Throws BUILD_NOT_MOVABLE when it is too late.
 */
export async function cancelBuild(
  actor: Actor,
  input: BuildId,
): Promise<{ state: 'cancelled' | 'cancelling' | 'withdrawn' }> {
  const asked = await requireBuild(actor.teamId, input.buildId);
  return db().transaction(async (tx) => {
    const whole = await followParts(tx, asked.partOfId ?? asked.id);
    if (!whole) throw new AppError('NOT_FOUND', 'There is no such build.');
    const { build, parts } = whole;
    if (build.state === 'cancelling' || build.state === 'cancelled')
      return { state: build.state };
    if (!canCancel(build.state))
      throw new AppError(
        'BUILD_NOT_MOVABLE',
        `The build is ${build.state} already.`,
      );
    const askers = await listAskers(tx, build.id);
    if (goesOnWithout(actor.userId, askers)) {
      await withdrawAsk(tx, actor, build.id);
      return { state: 'withdrawn' };
    }
    const state = build.state === 'queued' ? 'cancelled' : 'cancelling';
    await moveBuild(tx, build, state, { cancelledBy: actor.userId });
    await stopParts(tx, parts, actor.userId);
    return { state };
  });
}
