import 'server-only';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db';
import { buildAsks, users } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { AskerView } from '@/lib/build/views';
import { notify } from '@/lib/services/notify';

/** Notes that the actor wants a build, again when the ask was withdrawn. Hold the build's row, or have just made it. */
export async function addAsk(
  tx: Transaction,
  actor: Actor,
  buildId: string,
): Promise<void> {
  await tx
    .insert(buildAsks)
    .values({ buildId, userId: actor.userId })
    .onConflictDoUpdate({
      target: [buildAsks.buildId, buildAsks.userId],
      set: { withdrawnAt: null },
    });
  await notify(tx, `build:${buildId}`);
}

/** Who asked for a build, in that order, also who no longer wants it. */
export async function listAskers(
  tx: Transaction | Database,
  buildId: string,
): Promise<AskerView[]> {
  return tx
    .select({
      userId: users.id,
      name: users.name,
      hasWithdrawn: sql<boolean>`${buildAsks.withdrawnAt} is not null`,
    })
    .from(buildAsks)
    .innerJoin(users, eq(users.id, buildAsks.userId))
    .where(eq(buildAsks.buildId, buildId))
    .orderBy(asc(buildAsks.askedAt), asc(users.id));
}

/** Notes that the actor no longer wants a build. Hold the build's row. */
export async function withdrawAsk(
  tx: Transaction,
  actor: Actor,
  buildId: string,
): Promise<void> {
  await tx
    .update(buildAsks)
    .set({ withdrawnAt: sql`now()` })
    .where(
      and(eq(buildAsks.buildId, buildId), eq(buildAsks.userId, actor.userId)),
    );
  await notify(tx, `build:${buildId}`);
}
