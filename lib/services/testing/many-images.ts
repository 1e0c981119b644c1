import { sql } from 'drizzle-orm';
import { db } from '@/db';

const DIGEST = (n: string) =>
  sql.raw(`'sha256:' || md5(${n}::text) || md5(${n}::text || 'x')`);

/**
 * Fills a team with digests: in 20 repositories, every second one tagged, every tenth checked, every hundredth gone, and every other
 * one used by a task. Gives one of the repositories.
 */
export async function fillImages(
  teamId: string,
  registryId: string,
  count: number,
): Promise<string> {
  const made = await db().execute<{ id: string }>(
    sql`insert into repositories (id, team_id, registry_id, host, path)
        select gen_random_uuid(), ${teamId}, ${registryId}, 'registry.example.com', 'acme/etl-' || n from generate_series(1, 20) n returning id`,
  );
  const ids = made.rows.map(({ id }) => id);
  const place = sql`(array[${sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  )}])[1 + n % 20]`;
  const series = (step: number) =>
    sql`(select generate_series(1, ${count}, ${step}) n) numbers`;
  await db().execute(
    sql`insert into manifests (repository_id, digest, team_id, kind, media_type, platform, platforms, size_bytes, labels, sorted_at, gone_at)
        select ${place}, ${DIGEST('n')}, ${teamId}, 'image', 'application/vnd.oci.image.manifest.v1+json', 'linux/amd64',
          case when n % 50 = 0 then array['linux/arm64'] else array['linux/amd64'] end, (n % 900)::bigint * 1048576,
          jsonb_build_object('org.example.n', (n % 5000)::text), now() - n * interval '1 minute', case when n % 100 = 0 then now() end
        from ${series(1)}`,
  );
  await db().execute(
    sql`insert into tags (repository_id, name, current_digest) select ${place}, 't' || n, ${DIGEST('n')} from ${series(2)}`,
  );
  await db().execute(
    sql`insert into access_current (repository_id, reference, identity, platform, vantage, verdict, digest, evidence)
        select ${place}, '@' || ${DIGEST('n')}, 'anonymous', 'linux/amd64', 'server', case when n % 1000 = 1 then 'private' else 'public' end, ${DIGEST('n')}, '{}'
        from ${series(10)}`,
  );
  await db().execute(
    sql`with place as (insert into projects (id, team_id, name) values (gen_random_uuid(), ${teamId}, 'many') returning id),
        made as (insert into tasks (id, team_id, project_id, name) select gen_random_uuid(), ${teamId}, (select id from place), 'm.t' || n from ${series(2)} returning id, name),
        versions as (insert into task_versions (id, task_id, version, origin, file_name, line) select gen_random_uuid(), id, 'v', 'python', 'm.py', 1 from made returning id)
        insert into task_images (task_version_id, container, reference, known, repository_id, digest)
        select id, 'primary', '', 'reference', ${place}, ${DIGEST('n')} from (select id, 1 + 2 * (row_number() over () - 1) as n from versions) numbered`,
  );
  return ids[0] ?? '';
}
