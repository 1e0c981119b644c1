import 'server-only';
import { and, asc, eq, exists, isNull, lte, sql } from 'drizzle-orm';
import { db } from '@/db';
import { jobs, registries, registryScans } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { RegistryScanView } from '@/lib/registry/inventory-views';
import { toFailureView } from '@/lib/services/failures';

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

/** How the last reading of each live registry of the team went, by name. */
export async function listScans(actor: Actor): Promise<RegistryScanView[]> {
  const isReading = exists(
    db()
      .select({ id: jobs.id })
      .from(jobs)
      .where(
        and(
          eq(jobs.kind, 'sync_registry'),
          sql`${jobs.key} = ${registries.id}::text`,
          isNull(jobs.finishedAt),
          lte(jobs.runAfter, sql`now()`),
        ),
      ),
  );
  const rows = await db()
    .select({
      id: registries.id,
      name: registries.name,
      isReading: sql<boolean>`${isReading}`,
      readAt: registryScans.scannedAt,
      failureCode: registryScans.failureCode,
      failureMessage: registryScans.failureMessage,
    })
    .from(registries)
    .leftJoin(registryScans, eq(registryScans.registryId, registries.id))
    .where(
      and(eq(registries.teamId, actor.teamId), isNull(registries.archivedAt)),
    )
    .orderBy(asc(registries.name));
  return rows.map(({ id, name, isReading, readAt, ...failure }) => ({
    registry: { id, name },
    isReading,
    readAt: readAt?.toISOString() ?? null,
    failure: toFailureView(failure),
  }));
}
