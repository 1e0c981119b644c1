import 'server-only';
import { and, desc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { imageSpecs, specRevisions, users } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { FoundRevisionView } from '@/lib/imagespec/views';

const MAX_FOUND = 50;

/**
 * The revisions whose image has this tag, newest first, at most 50. Takes a tag, or a whole reference, of which the name
 * counts too.
 */
export async function findTag(
  actor: Actor,
  text: string,
): Promise<FoundRevisionView[]> {
  const { name, tag } = splitReference(text.trim());
  if (tag === '') return [];
  const rows = await db()
    .select({
      revision: specRevisions,
      specName: imageSpecs.name,
      author: users.name,
    })
    .from(specRevisions)
    .innerJoin(imageSpecs, eq(imageSpecs.id, specRevisions.specId))
    .leftJoin(users, eq(users.id, specRevisions.authorId))
    .where(
      and(
        eq(specRevisions.teamId, actor.teamId),
        eq(specRevisions.tag, tag),
        name === null ? undefined : eq(specRevisions.imageName, name),
      ),
    )
    .orderBy(desc(specRevisions.id))
    .limit(MAX_FOUND);
  return rows.map(({ revision, specName, author }) => ({
    specId: revision.specId,
    specName,
    number: revision.number,
    image: `${revision.imageName}:${revision.tag}`,
    author,
    createdAt: revision.createdAt.toISOString(),
  }));
}

function splitReference(text: string): { name: string | null; tag: string } {
  const reference = text.replace(/@.*$/, '');
  const colon = reference.lastIndexOf(':');
  return colon > reference.lastIndexOf('/') && colon > 0
    ? { name: reference.slice(0, colon), tag: reference.slice(colon + 1) }
    : { name: null, tag: reference };
}
