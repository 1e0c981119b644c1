import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildRecords } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { RecordId } from '@/lib/build/record-views';
import { AppError } from '@/lib/errors';
import { audit } from '@/lib/services/audit';
import { findRecord } from '@/lib/services/record-store';
import { mayDelete } from '@/lib/services/record-views';

/** Deletes an imported build with its log. Throws NOT_FOUND, and NOT_ALLOWED for who neither imported it nor is an owner. */
export async function deleteRecord(
  actor: Actor,
  { recordId }: RecordId,
): Promise<void> {
  const { row } = await findRecord(actor.teamId, recordId);
  if (!mayDelete(actor, row.importedBy))
    throw new AppError(
      'NOT_ALLOWED',
      'Only who imported it, or an owner of this team, may delete it.',
    );
  await db().transaction(async (tx) => {
    await tx.delete(buildRecords).where(eq(buildRecords.id, recordId));
    await audit(tx, actor, {
      action: 'record.delete',
      subject: `${row.specName} #${row.number}`,
      subjectId: recordId,
    });
  });
}
