import 'server-only';
import type { Transaction } from '@/db';
import { buildOutputs } from '@/db/schema';
import { addAccessCheck, hastenSweep } from '@/lib/services/access-jobs';
import type { Output } from '@/lib/services/build-outputs';
import { type BuildRow, moveBuild } from '@/lib/services/build-moves';
import { markFound } from '@/lib/services/manifest-presence';
import { type Inventory, storeInventory } from '@/lib/services/manifests';
import type { RepositoryRow } from '@/lib/services/repositories';
import { observeTag } from '@/lib/services/tags';

type Published = {
  build: Pick<BuildRow, 'id' | 'teamId' | 'state' | 'currentAttempt' | 'tag'>;
  repository: RepositoryRow;
  digest: string;
  /** What was read of it; `null` where it is known, or could not be read by this server. */
  inventory: Inventory | null;
  /** One for each platform. */
  outputs: readonly Output[];
} & (
  | { verifiedBy: 'server' | 'worker' }
  /** It was in the registry already. */
  | { sourceBuildId: string | null }
);

/**
 * Says that a build is published, with all that belongs to it: its image in the inventory, what its tag points to, its
 * outputs, and a look at who can pull it.
 */
export async function publishBuild(
  tx: Transaction,
  published: Published,
): Promise<void> {
  const { build, repository, digest, inventory, outputs } = published;
  const isReused = 'sourceBuildId' in published;
  if (inventory) await storeInventory(tx, repository, inventory);
  else await markFound(tx, repository, digest);
  await observeTag(tx, repository, build.tag, digest, { isOurs: !isReused });
  await tx.insert(buildOutputs).values(
    outputs.map((output) => ({
      ...output,
      buildId: build.id,
      repositoryId: repository.id,
    })),
  );
  await moveBuild(tx, build, 'published', {
    digest,
    ...(isReused
      ? {
          isReused,
          sourceBuildId: published.sourceBuildId,
          verifiedBy: 'server',
        }
      : { verifiedBy: published.verifiedBy }),
  });
  for (const { platform } of outputs)
    await addAccessCheck(tx, { repository, reference: `@${digest}`, platform });
  await hastenSweep(tx, build.teamId);
}
