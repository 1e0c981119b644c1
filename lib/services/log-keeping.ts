import 'server-only';
import { and, eq, isNotNull, or, sql } from 'drizzle-orm';
import { db } from '@/db';
import { builds } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { KeepLogs, LogUsageView } from '@/lib/build/log-retention';
import { AppError } from '@/lib/errors';
import { audit } from '@/lib/services/audit';
import { sumOfLogs } from '@/lib/services/log-removal';
import { readLogRetention } from '@/lib/services/settings';

/** Keeps the logs of a build and its parts whatever the team's limits, or no longer. Saying it again changes nothing. Throws NOT_FOUND. */
export async function keepLogs(
  actor: Actor,
  { buildId, isKept }: KeepLogs,
): Promise<void> {
  await db().transaction(async (tx) => {
    const [build] = await tx
      .select({ number: builds.number, keptAt: builds.keptAt })
      .from(builds)
      .where(and(eq(builds.id, buildId), eq(builds.teamId, actor.teamId)))
      .for('no key update');
    if (!build) throw new AppError('NOT_FOUND', 'There is no such build.');
    if ((build.keptAt !== null) === isKept) return;
    await tx
      .update(builds)
      .set(
        isKept
          ? { keptAt: sql`now()`, keptBy: actor.userId }
          : { keptAt: null, keptBy: null },
      )
      .where(or(eq(builds.id, buildId), eq(builds.partOfId, buildId)));
    await audit(tx, actor, {
      action: isKept ? 'build.keep_logs' : 'build.release_logs',
      subject: `build #${build.number}`,
      subjectId: buildId,
    });
  });
}

/** How long the team keeps logs, and what they take now. */
export async function getLogUsage(actor: Actor): Promise<LogUsageView> {
  return {
    retention: await readLogRetention(actor.teamId),
    bytes: await sumOfLogs(actor.teamId),
    keptBytes: await sumOfLogs(actor.teamId, isNotNull(builds.keptAt)),
  };
}
