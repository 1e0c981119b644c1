import 'server-only';
import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db';

/**
 * Lets one transaction at a time change the team's tasks, its projects and what their default images are. Two imports
 * at once must not both find a task missing, and none must bind to a default that is being changed.
 */
export async function lockTasks(
  tx: Transaction,
  teamId: string,
): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext(${`imageyard.import.${teamId}`}))`,
  );
}
