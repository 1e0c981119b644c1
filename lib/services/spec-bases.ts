import 'server-only';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { imageSpecs, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { ImageSpec } from '@/lib/imagespec/schema';
import type { BaseChoiceView } from '@/lib/imagespec/views';
import { readDigests } from '@/lib/services/spec-definitions';

const MAX_CHOICES = 500;

/** The team's live specs by name, at most 500, each with its current revision, to be the base of another. */
export async function listBases(actor: Actor): Promise<BaseChoiceView[]> {
  const rows = await db()
    .select({ spec: imageSpecs, revision: specRevisions })
    .from(imageSpecs)
    .innerJoin(
      specRevisions,
      and(
        eq(specRevisions.specId, imageSpecs.id),
        eq(specRevisions.number, imageSpecs.currentRevision),
      ),
    )
    .where(
      and(eq(imageSpecs.teamId, actor.teamId), isNull(imageSpecs.archivedAt)),
    )
    .orderBy(asc(imageSpecs.name))
    .limit(MAX_CHOICES);
  return Promise.all(
    rows.map(async ({ spec, revision }) => ({
      revisionId: revision.id,
      specId: spec.id,
      name: spec.name,
      revision: revision.number,
      fields: ImageSpec.parse(revision.fields),
      digests: await readDigests(actor.teamId, revision),
      image: `${revision.imageName}:${revision.tag}`,
    })),
  );
}
