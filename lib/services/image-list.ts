import 'server-only';
import {
  and,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  type SQL,
  sql,
} from 'drizzle-orm';
import { db } from '@/db';
import {
  accessCurrent,
  builds,
  manifests,
  repositories,
  tags,
  taskImages,
  taskVersions,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import {
  type ImageCursor,
  type ImageFilter,
  readImageSearch,
} from '@/lib/registry/image-filter';
import type { ImageListView } from '@/lib/registry/inventory-views';
import { toItems } from '@/lib/services/image-items';
import { isCurrentVersion } from '@/lib/services/task-images';

const PAGE = 50;
/** Counted exactly below it; above it people are told "1,000+". */
const COUNT_LIMIT = 1_000;
const MEBIBYTE = 1024 * 1024;
const newestFirst = [
  desc(manifests.sortedAt),
  desc(manifests.repositoryId),
  desc(manifests.digest),
];

/** Images of the team that fit the filter, the newest first, by key. */
export async function listImages(
  actor: Actor,
  filter: ImageFilter = {},
  after: ImageCursor | null = null,
): Promise<ImageListView> {
  const [rows, [counted]] = await Promise.all([
    imagePage(actor, filter, after, PAGE + 1),
    imageCount(actor, filter),
  ]);
  const page = rows.slice(0, PAGE);
  const last = page.at(-1)?.manifest;
  return {
    items: await toItems(page),
    count: counted?.count ?? 0,
    next:
      rows.length > PAGE && last
        ? {
            at: last.sortedAt.toISOString(),
            in: last.repositoryId,
            after: last.digest,
          }
        : null,
  };
}

/** The rows of a page, for `listImages` and for the test that reads its plan. */
export function imagePage(
  actor: Actor,
  filter: ImageFilter,
  after: ImageCursor | null,
  limit: number,
) {
  const isAfter =
    after &&
    sql`(${manifests.sortedAt}, ${manifests.repositoryId}, ${manifests.digest}) < (${after.at}::timestamptz, ${after.in}::uuid, ${after.after})`;
  return db()
    .select({
      manifest: manifests,
      host: repositories.host,
      path: repositories.path,
    })
    .from(manifests)
    .innerJoin(repositories, eq(repositories.id, manifests.repositoryId))
    .where(and(...conditions(actor, filter), isAfter ?? undefined))
    .orderBy(...newestFirst)
    .limit(limit);
}

/** How many fit the filter, at most one more than is counted exactly. */
export function imageCount(actor: Actor, filter: ImageFilter) {
  const some = db()
    .select({ one: sql`1`.as('one') })
    .from(manifests)
    .where(and(...conditions(actor, filter)))
    // In the list's own order, so that its index serves here too.
    .orderBy(...newestFirst)
    .limit(COUNT_LIMIT + 1)
    .as('some');
  return db()
    .select({ count: sql<number>`count(*)::int` })
    .from(some);
}

function conditions(actor: Actor, filter: ImageFilter): (SQL | undefined)[] {
  const search = readImageSearch(filter.q ?? '');
  const tag = filter.tag ?? search.tag;
  const { digest } = search;
  return [
    eq(manifests.teamId, actor.teamId),
    filter.repository && eq(manifests.repositoryId, filter.repository),
    inRepositories(actor, filter.registry, search.repository),
    digest === null ? undefined : sql`${manifests.digest} like ${`${digest}%`}`,
    tag && isTagged(actor, tag),
    filter.platform &&
      sql`${manifests.platforms} @> array[${filter.platform}]::text[]`,
    filter.label && isLabelled(filter.label),
    filter.verdict && isJudged(filter.verdict),
    // Attestations and signatures are shown with what they hang on.
    filter.kind
      ? eq(manifests.kind, filter.kind)
      : digest === null
        ? isNull(manifests.subjectDigest)
        : undefined,
    filter.used && isUsed(actor),
    filter.built && isBuilt(actor),
    goneCondition(filter.gone),
    // Who looks for a digest or a kind means that one, part or not.
    filter.parts || filter.kind || digest !== null
      ? undefined
      : eq(manifests.isPart, false),
    filter.min && gte(manifests.sizeBytes, Number(filter.min) * MEBIBYTE),
    filter.max && lte(manifests.sizeBytes, Number(filter.max) * MEBIBYTE),
  ].map((condition) => condition || undefined);
}

function goneCondition(gone: ImageFilter['gone']): SQL | undefined {
  if (gone === 'too') return undefined;
  return gone === 'only'
    ? isNotNull(manifests.goneAt)
    : isNull(manifests.goneAt);
}

function inRepositories(
  actor: Actor,
  registryId: string | undefined,
  name: string | null,
): SQL | undefined {
  const part = name?.trim() ?? '';
  if (registryId === undefined && part === '') return undefined;
  const found = db()
    .select({ id: repositories.id })
    .from(repositories)
    .where(
      and(
        eq(repositories.teamId, actor.teamId),
        registryId ? eq(repositories.registryId, registryId) : undefined,
        part === ''
          ? undefined
          : sql`(${repositories.host} || '/' || ${repositories.path}) ilike ${`%${escapeLike(part)}%`}`,
      ),
    );
  return inArray(manifests.repositoryId, found);
}

const isThisImage = (repositoryId: SQL, digest: SQL) =>
  sql`${repositoryId} = ${manifests.repositoryId} and ${digest} = ${manifests.digest}`;

function isTagged(actor: Actor, tag: string): SQL {
  const beginning = `${escapeLike(tag)}%`;
  return sql`(${manifests.repositoryId}, ${manifests.digest}) in (
    select ${tags.repositoryId}, ${tags.currentDigest} from ${tags} join ${repositories} on ${repositories.id} = ${tags.repositoryId}
    where ${tags.name} like ${beginning} and ${repositories.teamId} = ${actor.teamId})`;
}

function isLabelled(label: string): SQL {
  const [, name = label, value] = /^([^=]+)=(.*)$/.exec(label) ?? [];
  return value === undefined
    ? sql`${manifests.labels} ? ${name}`
    : sql`${manifests.labels} @> ${JSON.stringify({ [name]: value })}::jsonb`;
}

/** From the verdicts to their images: those of one kind are few, or the first page ends early. */
function isJudged(verdict: NonNullable<ImageFilter['verdict']>): SQL {
  return sql`(${manifests.repositoryId}, ${manifests.digest}) in (
    select ${accessCurrent.repositoryId}, substr(${accessCurrent.reference}, 2) from ${accessCurrent}
    where ${accessCurrent.verdict} = ${verdict} and ${accessCurrent.identity} = 'anonymous' and ${accessCurrent.reference} like '@%')`;
}

/**
 * Whether the current version of a task runs on it, pinned or by a tag. Asked image by image, as a value and not as
 * EXISTS: PostgreSQL would read the tasks of every team first to answer it for all.
 */
function isUsed(actor: Actor): SQL {
  const ofTeam = sql`exists (select 1 from tasks where tasks.id = ${taskVersions.taskId} and tasks.team_id = ${actor.teamId})`;
  return sql`coalesce((select true from ${taskImages} join ${taskVersions} on ${taskVersions.id} = ${taskImages.taskVersionId}
      where ${isThisImage(sql`${taskImages.repositoryId}`, sql`${taskImages.digest}`)} and ${isCurrentVersion} and ${ofTeam} limit 1),
    (select true from ${tags} join ${taskImages} on ${taskImages.repositoryId} = ${tags.repositoryId} and ${taskImages.tag} = ${tags.name}
      join ${taskVersions} on ${taskVersions.id} = ${taskImages.taskVersionId}
      where ${isThisImage(sql`${tags.repositoryId}`, sql`${tags.currentDigest}`)} and ${taskImages.digest} is null and ${isCurrentVersion} and ${ofTeam} limit 1), false)`;
}

function isBuilt(actor: Actor): SQL {
  return sql`exists (select 1 from ${builds} where ${isThisImage(sql`${builds.repositoryId}`, sql`${builds.digest}`)}
    and ${builds.teamId} = ${actor.teamId} and ${builds.state} = 'published')`;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`);
}
