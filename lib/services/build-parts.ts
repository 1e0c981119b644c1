import 'server-only';
import { asc, eq } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { builds } from '@/db/schema';
import { partTag } from '@/lib/build/part-tag';
import { endedPart, followingStates } from '@/lib/build/parts';
import { canCancel, isMoving, isUnsuccessful } from '@/lib/build/state';
import { listPlatforms } from '@/lib/registry/platform';
import { type BuildRow, moveBuild } from '@/lib/services/build-moves';
import { addJob } from '@/lib/services/jobs';

type WholeBuild = { build: BuildRow; parts: BuildRow[] };

/** Queues a part for each platform of a new build that is for several; workers take those, and never the build itself. */
export async function insertParts(
  tx: Transaction,
  build: BuildRow,
): Promise<void> {
  const platforms = listPlatforms(build.platform);
  if (platforms.length < 2) return;
  const { id: partOfId, ...same } = build;
  await tx.insert(builds).values(
    platforms.map((platform) => ({
      ...same,
      partOfId,
      earlierBuildId: null,
      platform,
      tag: partTag(build.tag, platform),
    })),
  );
}

/**
 * Locks a build and then its parts, and lets it follow them: the one verb that moves a build with parts. It ends with the
 * first part that ends without an image, which stops the others; once each is published, its index is put together. A
 * build without parts stays as it is. Whoever holds a part must not wait for its build: a part's move asks for this by a
 * job. `null` when there is no such build.
 */
export async function followParts(
  tx: Transaction,
  buildId: string,
): Promise<WholeBuild | null> {
  const [locked] = await tx
    .select()
    .from(builds)
    .where(eq(builds.id, buildId))
    .for('update');
  if (!locked) return null;
  const parts = await tx
    .select()
    .from(builds)
    .where(eq(builds.partOfId, buildId))
    .orderBy(asc(builds.id))
    .for('update');
  let build = locked;
  for (const state of followingStates(build.state, parts)) {
    const ended = isUnsuccessful(state) && endedPart(parts);
    await moveBuild(tx, build, state, ended ? failureOf(ended) : {});
    build = { ...build, state };
    if (state === 'verifying')
      await addJob(tx, {
        teamId: build.teamId,
        kind: 'push_index',
        key: buildId,
        payload: { buildId },
      });
  }
  if (!isMoving(build.state)) await stopParts(tx, parts, null);
  return { build, parts };
}

/** Stops what of a build's parts waits or runs; hold them. `cancelledBy` is `null` when no person stopped them. */
export async function stopParts(
  tx: Transaction,
  parts: readonly BuildRow[],
  cancelledBy: string | null,
): Promise<void> {
  for (const part of parts) {
    if (!canCancel(part.state) || part.state === 'cancelling') continue;
    const state = part.state === 'queued' ? 'cancelled' : 'cancelling';
    await moveBuild(tx, part, state, { cancelledBy });
  }
}

function failureOf({
  platform,
  failureCode,
  failureMessage,
  failureExitCode,
}: BuildRow) {
  if (failureCode === null) return {};
  return {
    failureCode,
    failureMessage: `${platform}: ${failureMessage ?? ''}`,
    failureExitCode,
  };
}
