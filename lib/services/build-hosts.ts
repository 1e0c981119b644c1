import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { specRevisions } from '@/db/schema';
import { buildHosts } from '@/lib/imagespec/hosts';
import { ImageSpec } from '@/lib/imagespec/schema';
import { readHelperImages } from '@/lib/services/settings';

/** The registries that a build of a revision asks, its base's first. The caller has seen to the team. */
export async function readBuildHosts(
  teamId: string,
  revisionId: string,
): Promise<string[]> {
  const [revision] = await db()
    .select({ fields: specRevisions.fields })
    .from(specRevisions)
    .where(eq(specRevisions.id, revisionId));
  if (!revision) return [];
  return buildHosts(
    ImageSpec.parse(revision.fields),
    await readHelperImages(teamId),
  );
}
