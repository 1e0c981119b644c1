import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { registryScans } from '@/db/schema';

type ScanRow = typeof registryScans.$inferSelect;

/** What was learned of a registry so far; `null` of one that is none of the team's. */
export async function readScan(
  registryId: string | null,
): Promise<ScanRow | null> {
  if (registryId === null) return null;
  const [row] = await db()
    .select()
    .from(registryScans)
    .where(eq(registryScans.registryId, registryId));
  return row ?? null;
}

/** Writes down what a registry turned out to do. Nothing is kept of one that is none of the team's. */
export async function noteScan(
  registryId: string | null,
  learned: Partial<Omit<ScanRow, 'registryId'>>,
): Promise<void> {
  if (registryId === null) return;
  await db()
    .insert(registryScans)
    .values({ registryId, ...learned })
    .onConflictDoUpdate({ target: registryScans.registryId, set: learned });
}
