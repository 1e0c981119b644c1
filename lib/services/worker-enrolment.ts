import 'server-only';
import { and, asc, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { enrolments, workers } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { Enrol, EnrolAnswer } from '@/lib/build/enrol-protocol';
import type { EnrolmentView } from '@/lib/build/views';
import type { CreateEnrolment, EnrolmentId } from '@/lib/build/worker-forms';
import { hashToken, randomToken } from '@/lib/crypto';
import { AppError } from '@/lib/errors';
import { audit } from '@/lib/services/audit';
import { requireOwner } from '@/lib/services/roles';

const CODE_LIFE = sql`interval '10 minutes'`;

/** Throws NAME_TAKEN when another worker of the team that is not revoked has this name. */
export async function requireFreeWorkerName(
  tx: Transaction,
  teamId: string,
  name: string,
  exceptId?: string,
): Promise<void> {
  const [taken] = await tx
    .select({ id: workers.id })
    .from(workers)
    .where(
      and(
        eq(workers.teamId, teamId),
        eq(workers.name, name),
        isNull(workers.revokedAt),
        exceptId === undefined ? undefined : ne(workers.id, exceptId),
      ),
    );
  if (!taken) return;
  const message = `There is a worker named ${name} already.`;
  throw new AppError('NAME_TAKEN', message, { fields: { name: message } });
}

/** A code that makes one worker within ten minutes. Only its hash is stored. An owner's; throws NAME_TAKEN. */
export async function createEnrolment(
  actor: Actor,
  input: CreateEnrolment,
): Promise<{ id: string; code: string; expiresAt: string }> {
  requireOwner(actor);
  const code = randomToken();
  return db().transaction(async (tx) => {
    await requireFreeWorkerName(tx, actor.teamId, input.name);
    const [row] = await tx
      .insert(enrolments)
      .values({
        teamId: actor.teamId,
        codeHash: hashToken(code),
        ...input,
        createdBy: actor.userId,
        expiresAt: sql`now() + ${CODE_LIFE}`,
      })
      .returning({ id: enrolments.id, expiresAt: enrolments.expiresAt });
    if (!row) throw new Error('The code was not stored.');
    await audit(tx, actor, {
      action: 'worker.invite',
      subject: input.name,
      subjectId: row.id,
      detail: { labels: input.labels.join(' '), slots: input.slots },
    });
    return { id: row.id, code, expiresAt: row.expiresAt.toISOString() };
  });
}

/** Withdraws a code that nobody has used. */
export async function deleteEnrolment(
  actor: Actor,
  { enrolmentId }: EnrolmentId,
): Promise<void> {
  requireOwner(actor);
  await db()
    .delete(enrolments)
    .where(
      and(
        eq(enrolments.id, enrolmentId),
        eq(enrolments.teamId, actor.teamId),
        isNull(enrolments.usedAt),
      ),
    );
}

/**
 * Makes the worker a code was given out for. The same code with the same secret is answered again, because an answer may
 * be lost. Throws ENROLMENT_INVALID for any other code, NAME_TAKEN when its name was taken meanwhile.
 */
export async function enrolWorker(input: Enrol): Promise<EnrolAnswer> {
  return db().transaction(async (tx) => {
    const [row] = await tx
      .select({
        enrolment: enrolments,
        isOver: sql<boolean>`${enrolments.expiresAt} <= now()`,
      })
      .from(enrolments)
      .where(eq(enrolments.codeHash, hashToken(input.code)))
      .for('update');
    const enrolment = row?.enrolment;
    if (enrolment?.workerId) {
      const [again] = await tx
        .select({ id: workers.id, name: workers.name })
        .from(workers)
        .where(
          and(
            eq(workers.id, enrolment.workerId),
            eq(workers.secretHash, input.secretHash),
          ),
        );
      if (again) return { workerId: again.id, name: again.name };
    }
    if (!enrolment || enrolment.usedAt || row.isOver)
      throw new AppError(
        'ENROLMENT_INVALID',
        'This code is not good, or not any more.',
      );
    const { teamId, name, labels, isReserved, slots } = enrolment;
    await requireFreeWorkerName(tx, teamId, name);
    const [made] = await tx
      .insert(workers)
      .values({
        teamId,
        name,
        labels,
        isReserved,
        slots,
        secretHash: input.secretHash,
        version: input.version,
      })
      .returning({ id: workers.id });
    if (!made) throw new Error('The worker was not stored.');
    await tx
      .update(enrolments)
      .set({ usedAt: sql`now()`, workerId: made.id })
      .where(eq(enrolments.id, enrolment.id));
    return { workerId: made.id, name };
  });
}

/** The codes that can still be used, oldest first. */
export async function listEnrolments(actor: Actor): Promise<EnrolmentView[]> {
  const rows = await db()
    .select({
      id: enrolments.id,
      name: enrolments.name,
      expiresAt: enrolments.expiresAt,
    })
    .from(enrolments)
    .where(
      and(
        eq(enrolments.teamId, actor.teamId),
        isNull(enrolments.usedAt),
        gt(enrolments.expiresAt, sql`now()`),
      ),
    )
    .orderBy(asc(enrolments.id));
  return rows.map((row) => ({
    ...row,
    expiresAt: row.expiresAt.toISOString(),
  }));
}
