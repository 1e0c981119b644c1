import 'server-only';
import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { db } from '@/db';
import { imageSpecs, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { SpecNeighbourView } from '@/lib/imagespec/lint/neighbours';
import { ImageSpec } from '@/lib/imagespec/schema';

const MAX_NEIGHBOURS = 500;

/** The team's live specs whose tags have a format of their own: those that another's tag can meet. */
export async function listFormattedTags(
  actor: Actor,
): Promise<SpecNeighbourView[]> {
  const rows = await db()
    .select({
      specId: imageSpecs.id,
      name: imageSpecs.name,
      fields: specRevisions.fields,
    })
    .from(imageSpecs)
    .innerJoin(
      specRevisions,
      and(
        eq(specRevisions.specId, imageSpecs.id),
        eq(specRevisions.number, imageSpecs.currentRevision),
      ),
    )
    .where(
      and(
        eq(imageSpecs.teamId, actor.teamId),
        isNull(imageSpecs.archivedAt),
        isNotNull(sql`${specRevisions.fields} ->> 'tag_format'`),
      ),
    )
    .orderBy(asc(imageSpecs.name))
    .limit(MAX_NEIGHBOURS);
  return rows.map(({ specId, name, fields }) => ({
    specId,
    name,
    spec: ImageSpec.parse(fields),
  }));
}
