import 'server-only';
import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, builds, imageSpecs, users, workers } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { explainWorkers, type SeenWorker } from '@/lib/build/queue-reason';
import { LEASED_STATES } from '@/lib/build/state';
import type { WorkersView, WorkerView } from '@/lib/build/views';
import { listEnrolments } from '@/lib/services/worker-enrolment';
import { isOnline } from '@/lib/services/worker-fit';

/** What decides what the team's workers can take now. */
export async function seenWorkers(teamId: string): Promise<SeenWorker[]> {
  return (await readWorkers(teamId)).map(toSeen);
}

function toSeen(worker: WorkerView): SeenWorker {
  return {
    ...worker,
    isPaused: worker.paused !== null,
    running: worker.builds.length,
  };
}

/** Every worker of the team that is not revoked, by name, with what it builds now. */
export async function listWorkers(actor: Actor): Promise<WorkersView> {
  const list = await readWorkers(actor.teamId);
  return {
    workers: list,
    enrolments: await listEnrolments(actor),
    blocked: explainWorkers(list.map(toSeen)),
  };
}

async function readWorkers(teamId: string): Promise<WorkerView[]> {
  const rows = await db()
    .select({
      worker: workers,
      isOnline: isOnline(workers),
      pausedBy: users.name,
    })
    .from(workers)
    .leftJoin(users, eq(users.id, workers.pausedBy))
    .where(and(eq(workers.teamId, teamId), isNull(workers.revokedAt)))
    .orderBy(asc(workers.name));
  const held = await readHeld(teamId);
  return rows.map(({ worker, isOnline, pausedBy }) => ({
    id: worker.id,
    name: worker.name,
    isLocal: worker.isLocal,
    labels: worker.labels,
    isReserved: worker.isReserved,
    slots: worker.slots,
    paused: worker.pausedAt && {
      at: worker.pausedAt.toISOString(),
      by: pausedBy,
    },
    version: worker.version,
    refusedProtocol: worker.refusedProtocol,
    engine: worker.engine,
    findings: worker.findings,
    checkedAt: worker.checkedAt?.toISOString() ?? null,
    isLooking: worker.checkupAskedAt !== null || isRecent(worker),
    isOnline,
    lastSeenAt: worker.lastSeenAt?.toISOString() ?? null,
    builds: held.filter(({ workerId }) => workerId === worker.id),
    createdAt: worker.createdAt.toISOString(),
  }));
}

/** A look that was ordered and not reported for longer than this has failed. */
const LOOK_MS = 2 * 60_000;

function isRecent({ checkupOrderedAt }: typeof workers.$inferSelect): boolean {
  return (
    checkupOrderedAt !== null &&
    Date.now() - checkupOrderedAt.getTime() < LOOK_MS
  );
}

/** What the team's workers have in hand, oldest first. */
async function readHeld(teamId: string) {
  return db()
    .select({
      id: builds.id,
      number: builds.number,
      specName: imageSpecs.name,
      workerId: buildAttempts.workerId,
    })
    .from(builds)
    .innerJoin(
      buildAttempts,
      and(
        eq(buildAttempts.buildId, builds.id),
        eq(buildAttempts.attempt, builds.currentAttempt),
      ),
    )
    .innerJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .where(and(eq(builds.teamId, teamId), inArray(builds.state, LEASED_STATES)))
    .orderBy(asc(builds.id));
}
