import 'server-only';
import { and, asc, eq, inArray, isNull, lt, ne, notExists } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Transaction } from '@/db';
import { buildAsks, builds, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { BUILD_STATES, isMoving } from '@/lib/build/state';
import { moveBuild } from '@/lib/services/build-moves';
import { followParts, stopParts } from '@/lib/services/build-parts';
import { isWhole } from '@/lib/services/whole-builds';

const standing = alias(builds, 'standing');

/**
 * Cancels what still waits of a spec's older revisions, now that the actor asked for a newer one: `byId` says which build
 * took its place. What somebody else asked for, or a build stands on, stays.
 */
export async function supersedeOlder(
  tx: Transaction,
  actor: Actor,
  newer: { specId: string; number: number },
  byId: string,
): Promise<void> {
  const revisions = tx
    .select({ id: specRevisions.id })
    .from(specRevisions)
    .where(
      and(
        eq(specRevisions.specId, newer.specId),
        lt(specRevisions.number, newer.number),
      ),
    );
  const others = tx
    .select({ id: buildAsks.buildId })
    .from(buildAsks)
    .where(
      and(
        eq(buildAsks.buildId, builds.id),
        ne(buildAsks.userId, actor.userId),
        isNull(buildAsks.withdrawnAt),
      ),
    );
  const onIt = tx
    .select({ id: standing.id })
    .from(standing)
    .where(
      and(
        eq(standing.baseBuildId, builds.id),
        inArray(standing.state, BUILD_STATES.filter(isMoving)),
      ),
    );
  const older = await tx
    .select({ id: builds.id })
    .from(builds)
    .where(
      and(
        eq(builds.specId, newer.specId),
        eq(builds.state, 'queued'),
        isWhole,
        inArray(builds.revisionId, revisions),
        notExists(others),
        notExists(onIt),
      ),
    )
    .orderBy(asc(builds.id))
    .for('update');
  for (const { id } of older) {
    const whole = await followParts(tx, id);
    // A part may have been taken since it was last looked at.
    if (whole?.build.state !== 'queued') continue;
    await moveBuild(tx, whole.build, 'cancelled', {
      cancelledBy: actor.userId,
      supersededById: byId,
    });
    await stopParts(tx, whole.parts, actor.userId);
  }
}
