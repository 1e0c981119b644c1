import { db } from '@/db';
import type { Actor } from '@/lib/auth';
import type { AskedBuild } from '@/lib/build/ask-views';
import { queueBuild } from '@/lib/services/build-queue';

/** A build of one spec, without a look at what is behind its tag. */
export function startBuild(
  actor: Actor,
  ask: { specId: string; revision?: number; noCache: boolean },
): Promise<AskedBuild> {
  return db().transaction((tx) =>
    queueBuild(tx, actor, { ...ask, cause: 'manual' }),
  );
}
