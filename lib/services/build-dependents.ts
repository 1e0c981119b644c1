import 'server-only';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database, Transaction } from '@/db';
import { imageSpecs, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';

const baseRevisions = alias(specRevisions, 'base_revisions');
const baseSpecs = alias(imageSpecs, 'base_specs');

type Dependent = { id: string; name: string };

/**
 * The live specs that stand on these ones, and on what stands on them, each after its base. Those that stand on an older
 * revision of their base are `behind`: a build of the base changes nothing for them, nor for what stands on them.
 */
export async function findDependents(
  tx: Transaction | Database,
  actor: Actor,
  specIds: readonly string[],
): Promise<{ standing: Dependent[]; behind: Dependent[] }> {
  const seen = new Set(specIds);
  const standing: Dependent[] = [];
  const behind: Dependent[] = [];
  let level = [...specIds];
  while (level.length > 0) {
    const rows = await tx
      .select({
        id: imageSpecs.id,
        name: imageSpecs.name,
        standsOn: baseRevisions.number,
        current: baseSpecs.currentRevision,
      })
      .from(imageSpecs)
      .innerJoin(
        specRevisions,
        and(
          eq(specRevisions.specId, imageSpecs.id),
          eq(specRevisions.number, imageSpecs.currentRevision),
        ),
      )
      .innerJoin(
        baseRevisions,
        eq(baseRevisions.id, specRevisions.baseRevisionId),
      )
      .innerJoin(baseSpecs, eq(baseSpecs.id, baseRevisions.specId))
      .where(
        and(
          eq(imageSpecs.teamId, actor.teamId),
          isNull(imageSpecs.archivedAt),
          inArray(baseSpecs.id, level),
        ),
      )
      .orderBy(imageSpecs.name);
    const next = rows.filter(({ id }) => !seen.has(id));
    for (const { id } of next) seen.add(id);
    const isBehind = (row: (typeof next)[number]) =>
      row.standsOn !== row.current;
    const toView = ({ id, name }: Dependent) => ({ id, name });
    behind.push(...next.filter(isBehind).map(toView));
    const fresh = next.filter((row) => !isBehind(row));
    standing.push(...fresh.map(toView));
    level = fresh.map(({ id }) => id);
  }
  return { standing, behind };
}
