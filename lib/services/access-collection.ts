import 'server-only';
import { and, eq, isNotNull, lt, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { accessSweeps, accessWatches, projects } from '@/db/schema';
import type { BuildBase } from '@/lib/build/bases';
import { parseReference } from '@/lib/registry/reference';
import type { WatchRow } from '@/lib/services/access-watches';
import { listBases } from '@/lib/services/base-drift';
import { ensureRepository } from '@/lib/services/repositories';
import { readDefaults } from '@/lib/services/settings';
import { endSettledMoves } from '@/lib/services/tag-move-alerts';
import { knowTag } from '@/lib/services/tags';

/** What a team uses is collected again after this long, or when something says that it changed. */
const COLLECT = sql`interval '10 minutes'`;
/**
 * What begins to be watched at once is first looked at within this time, not all in one moment. Where tags point, and a
 * platform that is new for what was watched before, is looked at now: somebody just imported, or added it.
 */
const SPREAD = sql`interval '1 minute'`;

/** Of two reasons in one collection the first stands. A tag that was only a base's is looked at anew. */
const STILL_USED = sql`seen_at = excluded.seen_at,
  reason = case when access_watches.seen_at = excluded.seen_at then access_watches.reason else excluded.reason end,
  due_at = case when access_watches.reason = 'base' and excluded.reason <> 'base'
    then least(access_watches.due_at, excluded.due_at) else access_watches.due_at end`;

/** Whether it is time to collect what the team uses; whoever is told so collects it. */
export async function takeCollection(teamId: string): Promise<boolean> {
  const [row] = await db()
    .insert(accessSweeps)
    .values({ teamId, collectedAt: sql`now()` })
    .onConflictDoUpdate({
      target: accessSweeps.teamId,
      set: { collectedAt: sql`now()` },
      setWhere: sql`${accessSweeps.collectedAt} is null or ${accessSweeps.collectedAt} < now() - ${COLLECT}`,
    })
    .returning({ teamId: accessSweeps.teamId });
  return row !== undefined;
}

/**
 * Writes down what is in use: what current task versions name, and for what floats also the digest behind it; the
 * newest published build of each live spec; the default images of the team and of projects. Each for every platform of
 * the cluster, else for the image's own; a tag once more for no platform, which asks only where it points, and so the
 * tags of those builds' bases. What is in use no more is no longer watched.
 */
export async function collectWatches(teamId: string): Promise<void> {
  const { clusterPlatforms, image } = await readDefaults(teamId);
  await db().transaction(async (tx) => {
    const [{ now } = { now: '' }] = (
      await tx.execute<{ now: string }>(sql`select now()::text as now`)
    ).rows;
    await watchTasksAndSpecs(tx, teamId, clusterPlatforms);
    for (const each of await listDefaults(tx, teamId, image))
      await watchDefault(tx, teamId, each, clusterPlatforms);
    await watchBases(tx, teamId);
    await tx
      .delete(accessWatches)
      .where(
        and(
          eq(accessWatches.teamId, teamId),
          lt(accessWatches.seenAt, sql`${now}::timestamptz`),
        ),
      );
    await endSettledMoves(tx, teamId);
  });
}

async function watchTasksAndSpecs(
  tx: Transaction,
  teamId: string,
  platforms: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    with current_images as (
      select distinct image.repository_id, image.tag, image.digest
      from tasks task
      cross join lateral (
        select version.id from task_versions version
        where version.task_id = task.id order by version.id desc limit 1
      ) version
      join task_images image on image.task_version_id = version.id
      where task.team_id = ${teamId} and image.repository_id is not null
    ),
    used as (
      select repository_id, ':' || tag as reference, 'task' as reason
        from current_images where digest is null and tag is not null
      union
      select repository_id, '@' || digest, 'task' from current_images where digest is not null
      union
      select image.repository_id, '@' || tag.current_digest, 'task'
        from current_images image
        join tags tag on tag.repository_id = image.repository_id and tag.name = image.tag
        where image.digest is null and tag.current_digest is not null
      union
      select build.repository_id, '@' || build.digest, 'spec'
        from image_specs spec
        cross join lateral (
          select build.repository_id, build.digest from builds build
          where build.spec_id = spec.id and build.state = 'published' and build.part_of_id is null and build.digest is not null
          order by build.id desc limit 1
        ) build
        where spec.team_id = ${teamId} and spec.archived_at is null
    ),
    one as (
      select repository_id, reference, min(reason) as reason from used group by repository_id, reference
    )
    insert into access_watches (team_id, repository_id, reference, platform, reason, due_at, seen_at)
    select ${teamId}, one.repository_id, one.reference, platform.name, one.reason,
      case when platform.name = '' or known.repository_id is not null then now()
        else now() + random() * ${SPREAD} end, now()
    from one
    left join manifests manifest
      on manifest.repository_id = one.repository_id and '@' || manifest.digest = one.reference
    left join lateral (
      select watch.repository_id from access_watches watch
      where watch.repository_id = one.repository_id and watch.reference = one.reference limit 1
    ) known on true
    cross join lateral unnest(
      case when cardinality(${textArray(platforms)}) > 0 then ${textArray(platforms)}
        else array[coalesce(manifest.platform, 'linux/amd64')] end
      || case when one.reference like ':%' then array[''] else array[]::text[] end
    ) platform(name)
    on conflict (repository_id, reference, platform) do update set ${STILL_USED}`);
}

function textArray(values: readonly string[]) {
  return sql`array[${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )}]::text[]`;
}

/** The default images that somebody set, for the team or for a project. */
async function listDefaults(
  tx: Transaction,
  teamId: string,
  ofTeam: string | null,
): Promise<Set<string>> {
  const rows = await tx
    .selectDistinct({ image: projects.defaultImage })
    .from(projects)
    .where(and(eq(projects.teamId, teamId), isNotNull(projects.defaultImage)));
  const all = [ofTeam, ...rows.map(({ image }) => image)];
  return new Set(all.filter((image) => image !== null));
}

async function watchDefault(
  tx: Transaction,
  teamId: string,
  image: string,
  clusterPlatforms: readonly string[],
): Promise<void> {
  const { registry, repository: path, tag, digest } = parseReference(image);
  const repository = await ensureRepository(tx, teamId, `${registry}/${path}`);
  const platforms =
    clusterPlatforms.length > 0 ? clusterPlatforms : ['linux/amd64'];
  const reference = digest ? `@${digest}` : `:${tag ?? 'latest'}`;
  for (const platform of [...platforms, ...(digest ? [] : [''])])
    await watch(tx, {
      teamId,
      repositoryId: repository.id,
      reference,
      platform,
      reason: 'default',
    });
}

async function watchBases(tx: Transaction, teamId: string): Promise<void> {
  const bases = new Map<string, BuildBase>();
  for (const { base } of await listBases(tx, teamId))
    bases.set(base.reference, base);
  for (const { reference } of bases.values()) {
    const { registry, repository: path, tag } = parseReference(reference);
    if (tag === undefined) continue;
    const repository = await ensureRepository(
      tx,
      teamId,
      `${registry}/${path}`,
    );
    await knowTag(tx, repository.id, tag);
    await watch(tx, {
      teamId,
      repositoryId: repository.id,
      reference: `:${tag}`,
      platform: '',
      reason: 'base',
    });
  }
}

type NewWatch = Pick<
  WatchRow,
  'teamId' | 'repositoryId' | 'reference' | 'platform' | 'reason'
>;

async function watch(
  tx: Transaction,
  { teamId, repositoryId, reference, platform, reason }: NewWatch,
): Promise<void> {
  await tx.execute(sql`
    insert into access_watches (team_id, repository_id, reference, platform, reason, due_at, seen_at)
    values (${teamId}, ${repositoryId}, ${reference}, ${platform}, ${reason}, now(), now())
    on conflict (repository_id, reference, platform) do update set ${STILL_USED}`);
}
