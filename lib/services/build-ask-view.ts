import 'server-only';
import { desc, eq } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import { builds } from '@/db/schema';
import type { BuildAskView, BuildLink } from '@/lib/build/views';
import { listAskers } from '@/lib/services/build-asks';

const source = alias(builds, 'source');
const newer = alias(builds, 'newer');
const earlier = alias(builds, 'earlier');
/** How a build was asked for. The same for every viewer: one tail of a build is shared by all. */
export async function readAskView(buildId: string): Promise<BuildAskView> {
  const [row] = await db()
    .select({
      build: builds,
      source: { id: source.id, number: source.number },
      newer: { id: newer.id, number: newer.number },
      earlier: { id: earlier.id, number: earlier.number },
    })
    .from(builds)
    .leftJoin(source, eq(source.id, builds.sourceBuildId))
    .leftJoin(newer, eq(newer.id, builds.supersededById))
    .leftJoin(earlier, eq(earlier.id, builds.earlierBuildId))
    .where(eq(builds.id, buildId));
  if (!row) throw new Error('A build is gone.');
  const { build } = row;
  return {
    askers: await listAskers(db(), buildId),
    startedById: build.startedBy,
    reused: build.isReused ? { by: row.source } : null,
    supersededBy: row.newer,
    earlier: row.earlier,
    later: await readLater(buildId),
    limits: {
      totalMinutes: build.totalMinutes,
      idleMinutes: build.idleMinutes,
    },
  };
}

async function readLater(buildId: string): Promise<BuildLink | null> {
  const [later] = await db()
    .select({ id: builds.id, number: builds.number })
    .from(builds)
    .where(eq(builds.earlierBuildId, buildId))
    .orderBy(desc(builds.id))
    .limit(1);
  return later ?? null;
}
