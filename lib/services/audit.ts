import 'server-only';
import type { Database, Transaction } from '@/db';
import { auditEvents } from '@/db/schema';
import type { Actor } from '@/lib/auth';

type Deed = {
  action: string;
  subject: string;
  subjectId?: string;
  detail?: Record<string, string | number | boolean>;
};

/** Notes who did what, in the transaction that does it. Never a secret. */
export async function audit(
  tx: Transaction | Database,
  actor: Actor,
  deed: Deed,
): Promise<void> {
  await tx
    .insert(auditEvents)
    .values({ teamId: actor.teamId, userId: actor.userId, ...deed });
}
