import 'server-only';
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import { db } from '@/db';
import {
  imageSpecs,
  memberships,
  registries,
  users,
  workers,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildChoicesView } from '@/lib/build/history-views';
import type { BuildFilter } from '@/lib/build/list-filter';

/** Of more specs, the rest is found by typing. */
const SPECS = 200;

/** What the team's builds can be narrowed down to. The spec that is chosen is among them, also one of very many. */
export async function listBuildChoices(
  { teamId }: Actor,
  { spec }: BuildFilter,
): Promise<BuildChoicesView> {
  const [specs, people, listedWorkers, listedRegistries] = await Promise.all([
    db()
      .select({ id: imageSpecs.id, name: imageSpecs.name })
      .from(imageSpecs)
      .where(eq(imageSpecs.teamId, teamId))
      .orderBy(
        ...(spec ? [desc(sql`${imageSpecs.id} = ${spec}`)] : []),
        asc(imageSpecs.name),
      )
      .limit(SPECS),
    db()
      .select({ id: users.id, name: users.name })
      .from(memberships)
      .innerJoin(users, eq(users.id, memberships.userId))
      .where(eq(memberships.teamId, teamId))
      .orderBy(asc(users.name)),
    db()
      .select({ id: workers.id, name: workers.name })
      .from(workers)
      .where(and(eq(workers.teamId, teamId), isNull(workers.revokedAt)))
      .orderBy(asc(workers.name)),
    db()
      .select({ id: registries.id, name: registries.name })
      .from(registries)
      .where(and(eq(registries.teamId, teamId), isNull(registries.archivedAt)))
      .orderBy(asc(registries.name)),
  ]);
  return {
    specs: specs.toSorted((a, b) => a.name.localeCompare(b.name)),
    people,
    workers: listedWorkers,
    registries: listedRegistries,
  };
}
