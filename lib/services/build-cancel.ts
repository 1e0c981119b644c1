import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { builds } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildId } from '@/lib/build/schema';
import { goesOnWithout } from '@/lib/build/askers';
import { canCancel } from '@/lib/build/state';
import { AppError } from '@/lib/errors';
import { listAskers, withdrawAsk } from '@/lib/services/build-asks';
import { moveBuild } from '@/lib/services/build-moves';

/**
 * Stops a build: one that waits ends at once, one that runs becomes `cancelling` until its worker says so or its lease
 * ends. One of several who asked for it only withdraws; the last one's cancel, and that of somebody who never asked,
 * stops it. Cancelling twice is cancelling once. Throws BUILD_NOT_MOVABLE when it is too late.
 */
export async function cancelBuild(
  actor: Actor,
  input: BuildId,
): Promise<{ state: 'cancelled' | 'cancelling' | 'withdrawn' }> {
  return db().transaction(async (tx) => {
    const [build] = await tx
      .select()
      .from(builds)
      .where(and(eq(builds.id, input.buildId), eq(builds.teamId, actor.teamId)))
      .for('update');
    if (!build) throw new AppError('NOT_FOUND', 'There is no such build.');
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
    return { state };
  });
}
