import 'server-only';
import { and, eq, ne } from 'drizzle-orm';
import type { Database, Transaction } from '@/db';
import { accessWatches } from '@/db/schema';

/** Whether a task, the newest build of a spec or the team's default stands on a reference, as last collected. */
export async function isInUse(
  tx: Transaction | Database,
  repositoryId: string,
  reference: string,
): Promise<boolean> {
  const [row] = await tx
    .select({ reference: accessWatches.reference })
    .from(accessWatches)
    .where(
      and(
        eq(accessWatches.repositoryId, repositoryId),
        eq(accessWatches.reference, reference),
        ne(accessWatches.reason, 'base'),
      ),
    )
    .limit(1);
  return row !== undefined;
}
