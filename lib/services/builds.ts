import 'server-only';
import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import { db } from '@/db';
import { buildBatches, builds } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildItemView } from '@/lib/build/views';
import { selectItems } from '@/lib/services/build-views';

export type BuildFilter = {
  /** Builds older than this one. */
  before?: string | undefined;
  specId?: string | undefined;
  /** Builds that were asked for together. */
  batchId?: string | undefined;
  digest?: { repositoryId: string; digest: string } | undefined;
  limit?: number | undefined;
};

/** Builds of the team, newest first, by key. */
export async function listBuilds(
  actor: Actor,
  filter: BuildFilter = {},
): Promise<{ items: BuildItemView[]; next: string | null }> {
  const limit = filter.limit ?? 50;
  const items = await selectItems(
    and(
      eq(builds.teamId, actor.teamId),
      filter.before ? lt(builds.id, filter.before) : undefined,
      filter.specId ? eq(builds.specId, filter.specId) : undefined,
      filter.batchId
        ? inArray(
            builds.id,
            db()
              .select({ id: buildBatches.buildId })
              .from(buildBatches)
              .where(eq(buildBatches.batchId, filter.batchId)),
          )
        : undefined,
      filter.digest
        ? and(
            eq(builds.repositoryId, filter.digest.repositoryId),
            eq(builds.digest, filter.digest.digest),
          )
        : undefined,
    ),
    desc(builds.id),
    limit + 1,
  );
  const page = items.slice(0, limit);
  return {
    items: page,
    next: items.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
