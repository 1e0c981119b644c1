import 'server-only';
import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import { db } from '@/db';
import { registries, workers } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { Checkup, CheckupOrder } from '@/lib/build/doctor';
import type { WorkerId } from '@/lib/build/worker-forms';
import { AppError } from '@/lib/errors';
import { notify } from '@/lib/services/notify';
import { readDefaults } from '@/lib/services/settings';
import type { WorkerActor } from '@/lib/services/worker-auth';

/** A worker looks after itself this often, and when somebody asks. */
const EVERY = sql`interval '30 minutes'`;
/** One that was told and has not reported is told again after this. */
const PATIENCE = sql`interval '5 minutes'`;
const MOST_REGISTRIES = 200;

/** What a worker shall look at now, `null` when its last look is new enough. Whoever gets it does it. */
export async function orderCheckup(
  worker: WorkerActor,
): Promise<CheckupOrder | null> {
  const [due] = await db()
    .update(workers)
    .set({ checkupOrderedAt: sql`now()`, checkupAskedAt: null })
    .where(
      and(
        eq(workers.id, worker.workerId),
        or(
          sql`${workers.checkupAskedAt} is not null`,
          and(
            sql`coalesce(${workers.checkedAt} < now() - ${EVERY}, true)`,
            sql`coalesce(${workers.checkupOrderedAt} < now() - ${PATIENCE}, true)`,
          ),
        ),
      ),
    )
    .returning({ id: workers.id });
  if (!due) return null;
  const places = await db()
    .selectDistinct({ host: registries.host, plainHttp: registries.plainHttp })
    .from(registries)
    .where(
      and(eq(registries.teamId, worker.teamId), isNull(registries.archivedAt)),
    )
    .orderBy(asc(registries.host))
    .limit(MOST_REGISTRIES);
  const { clusterPlatforms: platforms } = await readDefaults(worker.teamId);
  return { now: Date.now(), registries: places, platforms };
}

/** Keeps what a worker found. */
export async function storeCheckup(
  worker: WorkerActor,
  { findings }: Checkup,
): Promise<void> {
  await db()
    .update(workers)
    .set({ findings, checkedAt: sql`now()`, checkupOrderedAt: null })
    .where(eq(workers.id, worker.workerId));
}

/** Asks a worker to look after itself now; it is told within its running poll. Throws NOT_FOUND. */
export async function askCheckup(
  actor: Actor,
  { workerId }: WorkerId,
): Promise<void> {
  await db().transaction(async (tx) => {
    const [asked] = await tx
      .update(workers)
      .set({ checkupAskedAt: sql`now()` })
      .where(
        and(
          eq(workers.id, workerId),
          eq(workers.teamId, actor.teamId),
          isNull(workers.revokedAt),
        ),
      )
      .returning({ id: workers.id });
    if (!asked) throw new AppError('NOT_FOUND', 'There is no such worker.');
    await notify(tx, `queue:${actor.teamId}`);
  });
}
