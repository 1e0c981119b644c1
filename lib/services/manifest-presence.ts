import 'server-only';
import {
  and,
  eq,
  exists,
  gte,
  inArray,
  isNotNull,
  isNull,
  sql,
} from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { indexChildren, manifests, tags } from '@/db/schema';
import { raiseAlert, resolveAlert } from '@/lib/services/alerts';
import { isInUse } from '@/lib/services/in-use';
import type { RepositoryRow } from '@/lib/services/repositories';

type Place = Pick<RepositoryRow, 'id' | 'teamId'>;

/** Says anew of digests whether they are parts: named by an index that is there, and by no tag. */
export async function markParts(
  tx: Transaction,
  repositoryId: string,
  digests: readonly string[],
): Promise<void> {
  if (digests.length === 0) return;
  await tx
    .update(manifests)
    .set({
      isPart: sql`exists (select 1 from index_children c join manifests i on i.repository_id = c.repository_id and i.digest = c.index_digest
          where c.repository_id = ${manifests.repositoryId} and c.child_digest = ${manifests.digest} and i.gone_at is null)
        and not exists (select 1 from tags t where t.repository_id = ${manifests.repositoryId} and t.current_digest = ${manifests.digest})`,
    })
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        inArray(manifests.digest, [...digests]),
      ),
    );
}

/** Notes that a digest is not in the registry any more, and says so when something runs on it; its parts are none now. */
export async function markGone(
  tx: Transaction,
  repository: RepositoryRow,
  digest: string,
): Promise<void> {
  const [gone] = await tx
    .update(manifests)
    .set({ goneAt: sql`now()` })
    .where(and(isManifest(repository, digest), isNull(manifests.goneAt)))
    .returning({ digest: manifests.digest });
  if (!gone) return;
  await markPartsOf(tx, repository, digest);
  if (!(await isInUse(tx, repository.id, `@${digest}`))) return;
  await raiseAlert(tx, repository.teamId, {
    kind: 'image_gone',
    version: 1,
    repositoryId: repository.id,
    repository: `${repository.host}/${repository.path}`,
    digest,
  });
}

/** Notes that a digest that had gone is there again, and so are its parts; what was said of it is over. */
export async function markFound(
  tx: Transaction,
  repository: Place,
  digest: string,
): Promise<void> {
  const [found] = await tx
    .update(manifests)
    .set({ goneAt: null, lastSeenAt: sql`now()` })
    .where(and(isManifest(repository, digest), isNotNull(manifests.goneAt)))
    .returning({ digest: manifests.digest });
  if (!found) return;
  await markPartsOf(tx, repository, digest);
  await resolveAlert(
    tx,
    repository.teamId,
    'image_gone',
    `${repository.id}@${digest}`,
  );
}

async function markPartsOf(
  tx: Transaction,
  { id }: Place,
  digest: string,
): Promise<void> {
  const parts = await tx
    .select({ digest: indexChildren.childDigest })
    .from(indexChildren)
    .where(
      and(
        eq(indexChildren.repositoryId, id),
        eq(indexChildren.indexDigest, digest),
      ),
    );
  await markParts(
    tx,
    id,
    parts.map((part) => part.digest),
  );
}

/** Whatever a tag was seen to point to since then is there, and there again if it had gone. */
export async function markTagged(
  repository: RepositoryRow,
  since: Date,
): Promise<void> {
  const isTagged = and(
    eq(manifests.repositoryId, repository.id),
    exists(
      db()
        .select({ name: tags.name })
        .from(tags)
        .where(
          and(
            eq(tags.repositoryId, repository.id),
            eq(tags.currentDigest, manifests.digest),
            gte(tags.checkedAt, since),
          ),
        ),
    ),
  );
  await db()
    .update(manifests)
    .set({ lastSeenAt: sql`now()` })
    .where(isTagged);
  const back = await db()
    .select({ digest: manifests.digest })
    .from(manifests)
    .where(and(isTagged, isNotNull(manifests.goneAt)));
  for (const { digest } of back)
    await db().transaction((tx) => markFound(tx, repository, digest));
}

function isManifest({ id }: Place, digest: string) {
  return and(eq(manifests.repositoryId, id), eq(manifests.digest, digest));
}
