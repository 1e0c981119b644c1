import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { specRevisions } from '@/db/schema';
import { buildHosts } from '@/lib/imagespec/hosts';
import { ImageSpec } from '@/lib/imagespec/schema';

/** The registries that a build of a revision asks, its base's first. */
export async function readBuildHosts(revisionId: string): Promise<string[]> {
  const [revision] = await db()
    .select({ fields: specRevisions.fields })
    .from(specRevisions)
    .where(eq(specRevisions.id, revisionId));
  return revision ? buildHosts(ImageSpec.parse(revision.fields)) : [];
}
