import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { workers } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { UpdateWorker, WorkerId } from '@/lib/build/worker-forms';
import { AppError } from '@/lib/errors';
import { audit } from '@/lib/services/audit';
import { loseHeld } from '@/lib/services/build-ends';
import { notify } from '@/lib/services/notify';
import { requireOwner } from '@/lib/services/roles';
import { requireFreeWorkerName } from '@/lib/services/worker-enrolment';

type WorkerRow = typeof workers.$inferSelect;

/** Changes a worker in one transaction, notes it, and wakes whoever waits for the queue. An owner's. */
async function changeWorker(
  actor: Actor,
  workerId: string,
  action: string,
  change: (
    tx: Transaction,
    worker: WorkerRow,
  ) => Promise<Partial<typeof workers.$inferInsert>>,
): Promise<void> {
  requireOwner(actor);
  await db().transaction(async (tx) => {
    const [worker] = await tx
      .select()
      .from(workers)
      .where(
        and(
          eq(workers.id, workerId),
          eq(workers.teamId, actor.teamId),
          isNull(workers.revokedAt),
        ),
      )
      .for('update');
    if (!worker) throw new AppError('NOT_FOUND', 'There is no such worker.');
    await tx
      .update(workers)
      .set(await change(tx, worker))
      .where(eq(workers.id, workerId));
    await audit(tx, actor, {
      action,
      subject: worker.name,
      subjectId: worker.id,
    });
    await notify(tx, `queue:${actor.teamId}`);
  });
}

/** Name, labels and slots. What it builds now is not touched. Throws NOT_FOUND, NAME_TAKEN. */
export async function updateWorker(
  actor: Actor,
  { workerId, name, labels, isReserved, slots }: UpdateWorker,
): Promise<void> {
  await changeWorker(actor, workerId, 'worker.update', async (tx, worker) => {
    if (worker.isLocal && name !== worker.name) {
      const message = 'The worker of npm start is called local.';
      throw new AppError('INVALID_INPUT', message, {
        fields: { name: message },
      });
    }
    await requireFreeWorkerName(tx, actor.teamId, name, workerId);
    return { name, labels, isReserved, slots };
  });
}

/** Lets a worker finish what it has and take nothing new. Pausing twice keeps who did it first. */
export async function pauseWorker(
  actor: Actor,
  { workerId }: WorkerId,
): Promise<void> {
  await changeWorker(actor, workerId, 'worker.pause', (_tx, worker) =>
    Promise.resolve({
      pausedAt: worker.pausedAt ?? new Date(),
      pausedBy: worker.pausedBy ?? actor.userId,
    }),
  );
}

/** Lets a paused worker take builds again. */
export async function resumeWorker(
  actor: Actor,
  { workerId }: WorkerId,
): Promise<void> {
  await changeWorker(actor, workerId, 'worker.resume', () =>
    Promise.resolve({ pausedAt: null, pausedBy: null }),
  );
}

/**
 * Ends a worker for good: its secret opens nothing any more, and what it builds is lost to it at once: queued again, or
 * ended when a push had begun. The row stays, because builds name it. Throws NOT_ALLOWED for the worker of `npm start`,
 * which would only come back.
 */
export async function revokeWorker(
  actor: Actor,
  { workerId }: WorkerId,
): Promise<void> {
  await changeWorker(actor, workerId, 'worker.revoke', async (tx, worker) => {
    if (worker.isLocal)
      throw new AppError(
        'NOT_ALLOWED',
        'npm start runs this worker and would connect it again. Pause it instead.',
      );
    await loseHeld(tx, workerId);
    return { secretHash: null, revokedAt: new Date() };
  });
}
