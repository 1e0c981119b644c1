import { afterEach, expect, it } from 'vitest';
import { type OlderDatabase, openBefore } from '@/db/testing/older-database';

const TEAMS = [1, 2, 3].map(
  (team) => `00000000-0000-7000-8000-00000000000${String(team)}`,
);
let database: OlderDatabase;

async function openWithTeams(migration: string): Promise<OlderDatabase> {
  database = await openBefore(migration);
  for (const [at, id] of TEAMS.entries())
    await database.query('insert into teams (id, name) values ($1, $2)', [
      id,
      `team ${String(at + 1)}`,
    ]);
  return database;
}

afterEach(() => database.end());

it('0005 gives each team that has tasks a project for them, and no other one', async () => {
  const { query, update } = await openWithTeams('0005_projects');
  await query(
    `insert into tasks (id, team_id, name) select gen_random_uuid(), t.id, 'flow.task_' || n from teams t, generate_series(1, 3) n where t.name <> 'team 3'`,
  );
  await update();
  expect(
    await query(
      `select t.name as team, p.name as project, p.default_image as image, count(task.id)::int as tasks
       from projects p join teams t on t.id = p.team_id left join tasks task on task.project_id = p.id and task.team_id = t.id
       group by 1, 2, 3 order by 1`,
    ),
  ).toEqual([
    { team: 'team 1', project: 'default', image: null, tasks: 3 },
    { team: 'team 2', project: 'default', image: null, tasks: 3 },
  ]);
});

const KINDS: [host: string, kind: string][] = [
  ['ghcr.io', 'ghcr'],
  ['docker.io', 'docker_hub'],
  ['public.ecr.aws', 'ecr_public'],
  ['quay.io', 'quay'],
  ['registry.gitlab.com', 'gitlab'],
  ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'ecr'],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'ecr'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'ecr'],
  ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'ecr'],
  ['123456789012.dkr-ecr.eu-west-1.on.aws', 'ecr'],
  ['europe-west1-docker.pkg.dev', 'gar'],
  ['gcr.io', 'gar'],
  ['eu.gcr.io', 'gar'],
  ['acme.azurecr.io', 'acr'],
  ['harbor.example.com', 'harbor'],
  ['harbor-eu.example.com', 'harbor'],
  ['registry.example.com', 'generic'],
  ['localhost:5000', 'generic'],
  ['xghcr.io', 'generic'],
  ['12345.dkr.ecr.eu-west-1.amazonaws.com', 'generic'],
  ['ghcr.io.example.com', 'generic'],
  ['fr.gcr.io', 'generic'],
];

it('0006 tells the kind of each registry by its host', async () => {
  const { query, update } = await openWithTeams('0006_credentials_by_purpose');
  for (const [host] of KINDS)
    await query(
      `insert into registries (id, team_id, name, kind, host, namespace) values (gen_random_uuid(), $1, $2, 'other', $2, '')`,
      [TEAMS[0], host],
    );
  await update();
  const rows = await query<{ host: string; kind: string }>(
    'select host, kind from registries',
  );
  expect(new Map(rows.map(({ host, kind }) => [host, kind]))).toEqual(
    new Map(KINDS),
  );
});

it('0006 has each credential tested from now on, within four hours, in its own team', async () => {
  const { query, update } = await openWithTeams('0006_credentials_by_purpose');
  const secrets = 200;
  await query(
    `insert into registries (id, team_id, name, kind, host, namespace) select gen_random_uuid(), id, 'registry ' || n, 'other', 'r' || n || '.example.com', '' from teams, generate_series(1, $1::int) n where name <> 'team 3'`,
    [secrets],
  );
  await query(
    `insert into credentials (id, team_id, registry_id, purpose, method, username, sealed_secret, key_id)
     select gen_random_uuid(), r.team_id, r.id, 'push', 'password', 'robot', 'sealed', 'key' from registries r`,
  );
  await update();
  const [jobs] = await query(
    `select count(*)::int as count, count(distinct c.id)::int as credentials, bool_and(j.team_id = c.team_id) as own,
       bool_and(j.payload = jsonb_build_object('credentialId', c.id)) as named, bool_and(j.finished_at is null and j.attempts = 0) as waiting,
       bool_and(j.run_after between j.created_at and j.created_at + interval '4 hours') as soon,
       max(j.run_after) - min(j.run_after) > interval '2 hours' as spread
     from jobs j join credentials c on c.id::text = j.key where j.kind = 'test_credential'`,
  );
  expect(jobs).toEqual({
    count: secrets * 2,
    credentials: secrets * 2,
    own: true,
    named: true,
    waiting: true,
    soon: true,
    spread: true,
  });
  const [details] = await query(
    `select count(*)::int as count from credentials where details = '{"version": 1}' and expires_at is null and failing_since is null`,
  );
  expect(details).toEqual({ count: secrets * 2 });
});

/** What is known of a manifest: when it says it was made and when it was first seen, and the time it is sorted by. */
const TIMES: [
  name: string,
  platform: string | null,
  created: string | null,
  sortedAt: string,
][] = [
  [
    'a usual one',
    'linux/amd64',
    '2024-03-01T10:00:00.123Z',
    '2024-03-01T10:00:00.123Z',
  ],
  [
    'finer than a millisecond',
    'linux/arm64',
    '2024-03-01T10:00:00.123456Z',
    '2024-03-01T10:00:00.123Z',
  ],
  ['an index', null, null, '2025-06-01T00:00:00.000Z'],
  [
    'from the epoch, as reproducible builds are',
    'linux/amd64',
    '1970-01-01T00:00:00Z',
    '2025-06-01T00:00:00.000Z',
  ],
  [
    'before there were images',
    'linux/amd64',
    '2012-12-31T23:59:59Z',
    '2025-06-01T00:00:00.000Z',
  ],
  [
    'by a clock that is a little fast',
    'linux/amd64',
    '2025-06-01T00:30:00Z',
    '2025-06-01T00:30:00.000Z',
  ],
  [
    'from the future',
    'linux/amd64',
    '2025-06-01T01:00:01Z',
    '2025-06-01T00:00:00.000Z',
  ],
];

it('0008 gives each manifest its team, its platforms and its place in lists', async () => {
  const { query, update } = await openWithTeams('0008_inventory');
  await query(
    `insert into repositories (id, team_id, host, path) select id, id, 'r.example.com', 'app' from teams`,
  );
  for (const [name, platform, created] of TIMES)
    await query(
      `insert into manifests (repository_id, digest, kind, media_type, platform, image_created_at, first_seen_at)
       select id, $1, 'image', 'x', $2, $3, '2025-06-01T00:00:00Z' from repositories where id <> $4`,
      [name, platform, created, TEAMS[2]],
    );
  await update();
  const rows = await query(
    `select digest as name, team_id as team, platforms, sorted_at as "sortedAt", is_part as "isPart", subject_digest as subject
     from manifests order by team_id, array_position($1::text[], digest)`,
    [TIMES.map(([name]) => name)],
  );
  expect(rows).toEqual(
    TEAMS.slice(0, 2).flatMap((team) =>
      TIMES.map(([name, platform, , sortedAt]) => ({
        name,
        team,
        platforms: platform === null ? [] : [platform],
        sortedAt: new Date(sortedAt),
        isPart: false,
        subject: null,
      })),
    ),
  );
});

/** Builds of the first team, numbered from 1; the first of them was started by Ada. */
const storeBuilds = (query: OlderDatabase['query'], count: number) =>
  query(
    `with person as (insert into users (id, email, name) values (gen_random_uuid(), 'a@example.com', 'Ada') returning id),
       place as (insert into repositories (id, team_id, host, path) values (gen_random_uuid(), $1, 'registry.example.com', 'etl') returning id),
       spec as (insert into image_specs (id, team_id, name, current_revision) values (gen_random_uuid(), $1, 'etl', 1) returning id),
       revision as (insert into spec_revisions (id, team_id, spec_id, number, fields, definition_hash, tag, image_name, flyte_id, flytekit_version, origin)
         select gen_random_uuid(), $1, id, 1, '{}', 'h', 'v1', 'registry.example.com/etl', 'f', '1', 'form' from spec returning id, spec_id)
     insert into builds (id, team_id, number, spec_id, revision_id, cause, started_by, platform, repository_id, tag, state)
     select gen_random_uuid(), $1, n, revision.spec_id, revision.id, 'manual', case when n = 1 then person.id end, 'linux/amd64', place.id, 'v1', 'queued'
     from revision, place, person, generate_series(1, $2) n`,
    [TEAMS[0], count],
  );

it('0010 makes whoever started a build one who asked for it', async () => {
  const { query, update } = await openWithTeams('0010_asking');
  await storeBuilds(query, 2);
  await update();
  expect(
    await query(
      `select b.number, u.name, a.withdrawn_at as withdrawn from build_asks a join builds b on b.id = a.build_id join users u on u.id = a.user_id`,
    ),
  ).toEqual([{ number: 1, name: 'Ada', withdrawn: null }]);
});

it('0012 tells of each attempt what its log takes', async () => {
  const { query, update } = await openWithTeams('0012_log_retention');
  await storeBuilds(query, 2);
  await query(
    `insert into build_attempts (build_id, attempt, lease_until) select id, n, now() from builds, generate_series(1, 2) n`,
  );
  await query(
    `insert into build_log_chunks (build_id, attempt, first_seq, last_seq, first_line, lines, bytes)
     select id, 1, n, n, n, 1, decode(repeat('ab', n * 100), 'hex') from builds, generate_series(1, 3) n where number = 1`,
  );
  await update();
  expect(
    await query(
      `select b.number, a.attempt, a.log_bytes::int as bytes from build_attempts a join builds b on b.id = a.build_id order by 1, 2`,
    ),
  ).toEqual([
    { number: 1, attempt: 1, bytes: 600 },
    { number: 1, attempt: 2, bytes: 0 },
    { number: 2, attempt: 1, bytes: 0 },
    { number: 2, attempt: 2, bytes: 0 },
  ]);
});
