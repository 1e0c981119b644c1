import 'server-only';
import { and, asc, eq, sql } from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, builds, imageSpecs, workers } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { EngineReport } from '@/lib/build/protocol';
import type { WorkersView, WorkerView } from '@/lib/build/views';

/** A worker that has said nothing for this long is not counted on; its longest silence is one long poll. */
const isOnline = sql<boolean>`coalesce(${workers.lastSeenAt} > now() - interval '45 seconds', false)`;

type Seen = { name: string; engine: EngineReport | null; isOnline: boolean };

/** Why no worker can build for a platform (any, when left out), in one sentence, or `null` when one can. */
export function explainWorkers(
  seen: readonly Seen[],
  platform?: string,
): string | null {
  if (seen.length === 0) return 'No worker is connected.';
  const online = seen.filter((worker) => worker.isOnline);
  if (online.length === 0) return 'No worker is online.';
  const ready = online.flatMap(({ engine }) =>
    engine?.state === 'ready' ? [engine] : [],
  );
  if (ready.length === 0) {
    const [first] = online;
    const reason =
      first?.engine?.state === 'unreachable'
        ? first.engine.reason
        : 'it has not said what it can do yet';
    return `The worker ${first?.name ?? ''} is online, but has no container engine: ${reason}`;
  }
  if (
    platform !== undefined &&
    !ready.some((engine) => engine.platforms.includes(platform))
  ) {
    return `No worker builds for ${platform}.`;
  }
  return null;
}

/** Why a queued build cannot start now, or `null`. */
export async function explainQueue(
  teamId: string,
  platform: string,
): Promise<string | null> {
  const seen = await db()
    .select({ name: workers.name, engine: workers.engine, isOnline })
    .from(workers)
    .where(eq(workers.teamId, teamId));
  return explainWorkers(seen, platform);
}

/** Every worker of the team, by name, with what it builds now. */
export async function listWorkers(actor: Actor): Promise<WorkersView> {
  const rows = await db()
    .select({
      worker: workers,
      isOnline,
      buildId: builds.id,
      number: builds.number,
      specName: imageSpecs.name,
    })
    .from(workers)
    .leftJoin(
      buildAttempts,
      and(
        eq(buildAttempts.workerId, workers.id),
        sql`${buildAttempts.outcome} is null`,
      ),
    )
    .leftJoin(
      builds,
      and(
        eq(builds.id, buildAttempts.buildId),
        eq(builds.currentAttempt, buildAttempts.attempt),
        sql`${builds.state} in ('claimed', 'building', 'pushing', 'cancelling')`,
      ),
    )
    .leftJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .where(eq(workers.teamId, actor.teamId))
    .orderBy(asc(workers.name));
  const views = new Map<string, WorkerView>();
  for (const row of rows) {
    const current =
      row.buildId !== null && row.number !== null
        ? { id: row.buildId, number: row.number, specName: row.specName ?? '' }
        : null;
    const known = views.get(row.worker.id);
    if (known && !current) continue;
    views.set(row.worker.id, {
      id: row.worker.id,
      name: row.worker.name,
      version: row.worker.version,
      engine: row.worker.engine,
      isOnline: row.isOnline,
      lastSeenAt: row.worker.lastSeenAt?.toISOString() ?? null,
      currentBuild: current,
      createdAt: row.worker.createdAt.toISOString(),
    });
  }
  const list = [...views.values()];
  return { workers: list, blocked: explainWorkers(list) };
}
