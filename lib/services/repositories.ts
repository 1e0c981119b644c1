import 'server-only';
import { and, eq } from 'drizzle-orm';
import type { Database, Transaction } from '@/db';
import { registries, repositories } from '@/db/schema';
import { parseReference } from '@/lib/registry/reference';

export type RepositoryRow = typeof repositories.$inferSelect;

/** The row of a repository named `host/path`, made when it is new, joined to the team's registry that covers it. */
export async function ensureRepository(
  tx: Transaction | Database,
  teamId: string,
  name: string,
): Promise<RepositoryRow> {
  const { registry: host, repository: path } = parseReference(name);
  const place = and(
    eq(repositories.teamId, teamId),
    eq(repositories.host, host),
    eq(repositories.path, path),
  );
  const [known] = await tx.select().from(repositories).where(place);
  if (known) return known;
  const candidates = await tx
    .select()
    .from(registries)
    .where(and(eq(registries.teamId, teamId), eq(registries.host, host)));
  const registryId = coveringRegistry(candidates, path)?.id ?? null;
  await tx
    .insert(repositories)
    .values({ teamId, host, path, registryId })
    .onConflictDoNothing();
  const [made] = await tx.select().from(repositories).where(place);
  if (!made) throw new Error('The repository was not stored.');
  return made;
}

/** Of registries on one host, the live one whose namespace is the longest that covers the path. */
export function coveringRegistry<
  T extends { namespace: string; archivedAt: Date | null },
>(candidates: readonly T[], path: string): T | undefined {
  return candidates
    .filter(
      ({ namespace }) =>
        namespace === '' ||
        path === namespace ||
        path.startsWith(`${namespace}/`),
    )
    .sort(
      (a, b) =>
        Number(a.archivedAt !== null) - Number(b.archivedAt !== null) ||
        b.namespace.length - a.namespace.length,
    )[0];
}
