import 'server-only';
import {
  and,
  asc,
  desc,
  eq,
  gt,
  isNotNull,
  isNull,
  lte,
  type SQL,
  sql,
} from 'drizzle-orm';
import { db } from '@/db';
import {
  jobs,
  manifests,
  registries,
  repositories,
  repositorySyncs,
  tagMoves,
  tags,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type {
  RepositoryItemView,
  RepositoryView,
  TagHistoryView,
  TagItemView,
} from '@/lib/registry/inventory-views';
import { listCopiesOf } from '@/lib/services/image-copies';
import { readOffers } from '@/lib/services/registry-offers';
import { toSyncView } from '@/lib/services/sync-state';
import { requireRepository } from '@/lib/services/tags';
import { wasChecked } from '@/lib/services/task-images';

const PAGE = 50;
const COUNTED = 1_001;

type RepositoryFilter = {
  q?: string;
  registry?: string;
  after?: string;
};

/** Repositories of the team by name, with what is known of each, by key. */
export async function listRepositories(
  actor: Actor,
  filter: RepositoryFilter = {},
): Promise<{
  items: RepositoryItemView[];
  next: string | null;
  isReading: boolean;
}> {
  const name = sql`(${repositories.host} || '/' || ${repositories.path})`;
  const like = `%${(filter.q ?? '').replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const items = await selectRepositories(
    and(
      eq(repositories.teamId, actor.teamId),
      filter.q ? sql`${name} ilike ${like}` : undefined,
      filter.registry
        ? eq(repositories.registryId, filter.registry)
        : undefined,
      filter.after ? sql`${name} > ${filter.after}` : undefined,
    ),
    PAGE + 1,
  );
  const page = items.slice(0, PAGE);
  return {
    items: page,
    next: items.length > PAGE ? (page.at(-1)?.name ?? null) : null,
    isReading: await isReadingRegistries(actor),
  };
}

/** Whether repositories may still turn up: a registry of the team is being read now. */
async function isReadingRegistries(actor: Actor): Promise<boolean> {
  const [row] = await db()
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.teamId, actor.teamId),
        eq(jobs.kind, 'sync_registry'),
        isNull(jobs.finishedAt),
        lte(jobs.runAfter, sql`now()`),
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** One repository. Throws NOT_FOUND, for another team's too. */
export async function getRepository(
  actor: Actor,
  repositoryId: string,
): Promise<RepositoryView> {
  const repository = await requireRepository(actor, repositoryId);
  const [item] = await selectRepositories(eq(repositories.id, repositoryId), 1);
  if (!item) throw new AppError('NOT_FOUND', 'There is no such repository.');
  const [gone] = await db()
    .select({ count: sql<number>`count(*)::int` })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        isNotNull(manifests.goneAt),
      ),
    );
  return {
    ...item,
    goneCount: gone?.count ?? 0,
    offers: await readOffers(repository),
    copies: await listCopiesOf(repositoryId),
  };
}

async function selectRepositories(
  where: SQL | undefined,
  limit: number,
): Promise<RepositoryItemView[]> {
  const counted = (from: SQL) =>
    sql<number>`(select count(*)::int from (select 1 ${from} limit ${COUNTED}) counted)`;
  const rows = await db()
    .select({
      id: repositories.id,
      name: sql<string>`(${repositories.host} || '/' || ${repositories.path})`.as(
        'full_name',
      ),
      registryId: registries.id,
      registryName: registries.name,
      tagCount: counted(
        sql`from tags t where t.repository_id = ${repositories.id} and t.current_digest is not null`,
      ).as('tag_count'),
      imageCount: counted(
        sql`from manifests m where m.repository_id = ${repositories.id} and m.gone_at is null and not m.is_part and m.subject_digest is null`,
      ).as('image_count'),
      sync: repositorySyncs,
    })
    .from(repositories)
    .leftJoin(registries, eq(registries.id, repositories.registryId))
    .leftJoin(
      repositorySyncs,
      eq(repositorySyncs.repositoryId, repositories.id),
    )
    .where(where)
    .orderBy(sql`(${repositories.host} || '/' || ${repositories.path})`)
    .limit(limit);
  return rows.map(({ registryId, registryName, sync, ...row }) => ({
    ...row,
    registry:
      registryId === null ? null : { id: registryId, name: registryName ?? '' },
    sync: sync && toSyncView(sync),
  }));
}

type TagFilter = { q?: string; after?: string };

/** The tags of a repository by name, each with what it points to, by key. Throws NOT_FOUND. */
export async function listTags(
  actor: Actor,
  repositoryId: string,
  filter: TagFilter = {},
): Promise<{ items: TagItemView[]; next: string | null }> {
  await requireRepository(actor, repositoryId);
  const rows = await tagPage(repositoryId, filter, PAGE + 1);
  const page = rows.slice(0, PAGE);
  return {
    items: page.map(({ tag, manifest, wasChecked: isChecked }) => ({
      name: tag.name,
      digest: tag.currentDigest,
      kind: manifest?.kind ?? null,
      platforms: manifest?.platforms ?? [],
      sizeBytes: manifest?.sizeBytes ?? null,
      createdAt: manifest?.sortedAt.toISOString() ?? null,
      checkedAt: isChecked ? tag.checkedAt.toISOString() : null,
      goneAt: manifest?.goneAt?.toISOString() ?? null,
    })),
    next: rows.length > PAGE ? (page.at(-1)?.tag.name ?? null) : null,
  };
}

/** The rows of a page of tags, for `listTags` and for the test that reads its plan. */
export function tagPage(
  repositoryId: string,
  { q, after }: TagFilter,
  limit: number,
) {
  const beginning = `${(q ?? '').replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return db()
    .select({
      tag: tags,
      manifest: manifests,
      wasChecked: wasChecked.as('was_checked'),
    })
    .from(tags)
    .leftJoin(
      manifests,
      and(
        eq(manifests.repositoryId, tags.repositoryId),
        eq(manifests.digest, tags.currentDigest),
      ),
    )
    .where(
      and(
        eq(tags.repositoryId, repositoryId),
        q ? sql`${tags.name} like ${beginning}` : undefined,
        after ? gt(tags.name, after) : undefined,
      ),
    )
    .orderBy(asc(tags.name))
    .limit(limit);
}

/** Every move of a tag that was seen, newest first, at most 200. Throws NOT_FOUND. */
export async function getTagHistory(
  actor: Actor,
  repositoryId: string,
  tag: string,
): Promise<TagHistoryView[]> {
  await requireRepository(actor, repositoryId);
  const rows = await db()
    .select()
    .from(tagMoves)
    .where(and(eq(tagMoves.repositoryId, repositoryId), eq(tagMoves.tag, tag)))
    .orderBy(desc(tagMoves.id))
    .limit(200);
  return rows.map(({ fromDigest, toDigest, seenAt }) => ({
    from: fromDigest,
    to: toDigest,
    seenAt: seenAt.toISOString(),
  }));
}
