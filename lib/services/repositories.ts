import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { registries, repositories } from '@/db/schema';
import { coveringRegistry } from '@/lib/registry/covering';
import { parseReference } from '@/lib/registry/reference';

export type RepositoryRow = typeof repositories.$inferSelect;

/**
 * The row of a repository named `host/path`, made when it is new, joined to the team's registry that covers it: one
 * added later takes over what was there before.
 */
export async function ensureRepository(
  tx: Transaction | Database,
  teamId: string,
  name: string,
): Promise<RepositoryRow> {
  const { registry: host, repository: path } = parseReference(name);
  const candidates = await tx
    .select()
    .from(registries)
    .where(and(eq(registries.teamId, teamId), eq(registries.host, host)));
  const registryId = coveringRegistry(candidates, path)?.id ?? null;
  const place = and(
    eq(repositories.teamId, teamId),
    eq(repositories.host, host),
    eq(repositories.path, path),
  );
  const [known] = await tx.select().from(repositories).where(place);
  if (known) {
    if (known.registryId === registryId) return known;
    await tx.update(repositories).set({ registryId }).where(place);
    return { ...known, registryId };
  }
  await tx
    .insert(repositories)
    .values({ teamId, host, path, registryId })
    .onConflictDoNothing();
  const [made] = await tx.select().from(repositories).where(place);
  if (!made) throw new Error('The repository was not stored.');
  return made;
}

/** A repository by its id, or `null`. For background work: it asks for no actor. */
export async function readRepositoryRow(
  id: string,
): Promise<RepositoryRow | null> {
  const [row] = await db()
    .select()
    .from(repositories)
    .where(eq(repositories.id, id));
  return row ?? null;
}
