import 'server-only';
import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { db } from '@/db';
import { manifests } from '@/db/schema';
import type { RepositoryRow } from '@/lib/services/repositories';
import { referrerTag } from '@/lib/registry/manifest-facts';
import type { ReferrerWay } from '@/lib/registry/client/list-referrers';
import { noteScan, readScan } from '@/lib/services/registry-scans';
import { inventoryDigest, type Look } from '@/lib/services/sync-digest';

/** How many digests are asked about in one sync. */
const MAX_ASKED = 100;
const isDue = or(
  isNull(manifests.referrersAt),
  lt(manifests.referrersAt, sql`now() - interval '24 hours'`),
);

/**
 * Reads what refers to images that have not been asked about for a day, where the registry has the referrers API; the
 * first answer settles whether it has. Gives how many digests were new.
 */
export async function syncReferrers(look: Look): Promise<number> {
  const { client, repository, signal } = look;
  const scan = await readScan(repository.registryId);
  if (scan?.hasReferrersApi === false) return 0;
  let way: ReferrerWay | null = scan?.hasReferrersApi ? 'api' : null;
  let added = 0;
  for (const digest of await dueDigests(repository.id)) {
    const list = await client.listReferrers(
      repository.path,
      digest,
      way,
      signal,
    );
    if (way === null) {
      way = list.way;
      await noteScan(repository.registryId, {
        hasReferrersApi: way === 'api',
      });
    }
    for (const referrer of list.referrers)
      added += await inventoryDigest(look, {
        digest: referrer.digest,
        subject: digest,
      });
    await markAsked(repository, digest);
    // Where there is no API the list of tags tells of them, at no further cost.
    if (way === 'tag') break;
  }
  return added;
}

/**
 * Reads what hangs on a digest behind a tag made for that: the standard's fallback list, or one of cosign's. At most
 * once a day for each. Gives how many digests were new.
 */
export async function syncReferrerTag(
  look: Look,
  tag: string,
): Promise<number> {
  const named = referrerTag(tag);
  if (!named) return 0;
  const { client, repository, signal } = look;
  const { subject, isList } = named;
  if (await wasAsked(repository.id, subject)) return 0;
  let added = 0;
  if (isList) {
    const { referrers } = await client.listReferrers(
      repository.path,
      subject,
      'tag',
      signal,
    );
    for (const { digest } of referrers)
      added += await inventoryDigest(look, { digest, subject });
  } else {
    const { digest } = await client.headManifest(repository.path, tag, signal);
    added += await inventoryDigest(look, { digest, subject });
  }
  return added;
}

/** Notes that the referrers behind the tags of these subjects have been read. */
export async function markAskedByTag(
  repository: RepositoryRow,
  tags: readonly string[],
): Promise<void> {
  const subjects = tags.flatMap((tag) => referrerTag(tag)?.subject ?? []);
  if (subjects.length === 0) return;
  await db()
    .update(manifests)
    .set({ referrersAt: sql`now()` })
    .where(
      and(
        eq(manifests.repositoryId, repository.id),
        inArray(manifests.digest, [...new Set(subjects)]),
        isDue,
      ),
    );
}

async function markAsked(
  repository: RepositoryRow,
  digest: string,
): Promise<void> {
  await db()
    .update(manifests)
    .set({ referrersAt: sql`now()` })
    .where(
      and(
        eq(manifests.repositoryId, repository.id),
        eq(manifests.digest, digest),
      ),
    );
}

async function wasAsked(
  repositoryId: string,
  digest: string,
): Promise<boolean> {
  const [row] = await db()
    .select({ isDue: sql<boolean>`${isDue}` })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        eq(manifests.digest, digest),
      ),
    );
  return row?.isDue === false;
}

async function dueDigests(repositoryId: string): Promise<string[]> {
  const rows = await db()
    .select({ digest: manifests.digest })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        inArray(manifests.kind, ['image', 'index']),
        eq(manifests.isPart, false),
        isNull(manifests.goneAt),
        isDue,
      ),
    )
    .orderBy(sql`${manifests.referrersAt} asc nulls first`)
    .limit(MAX_ASKED);
  return rows.map(({ digest }) => digest);
}
