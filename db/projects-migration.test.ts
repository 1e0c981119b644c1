import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { runSql, withDatabase } from '@/db/testing/admin';
import { migrate } from '@/start/database.js';

const MIGRATIONS = path.join(import.meta.dirname, 'migrations');
const { url } = inject('testServer');
const name = `test_before_projects_${randomBytes(6).toString('hex')}`;
const database = withDatabase(url, name);
let older: string;

type Journal = { entries: { tag: string }[] };

/** A copy of the migrations that ends before the tables of projects were made. */
async function migrationsBefore(tag: RegExp): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imageyard-migrations-'));
  const file = path.join('meta', '_journal.json');
  const journal = JSON.parse(
    await readFile(path.join(MIGRATIONS, file), 'utf8'),
  ) as Journal;
  const at = journal.entries.findIndex((entry) => tag.test(entry.tag));
  expect(at).toBeGreaterThan(0);
  await cp(MIGRATIONS, folder, { recursive: true });
  const entries = journal.entries.slice(0, at);
  await writeFile(
    path.join(folder, file),
    JSON.stringify({ ...journal, entries }),
  );
  return folder;
}

beforeAll(async () => {
  older = await migrationsBefore(/projects/);
  await runSql(url, `create database ${name}`);
  await migrate(database, older);
});

afterAll(async () => {
  await rm(older, { recursive: true, force: true });
  await runSql(url, `drop database ${name} with (force)`);
});

it('gives each team that has tasks a project for them, and no other one', async () => {
  await runSql(
    database,
    `insert into teams (id, name) select ('00000000-0000-7000-8000-00000000000' || n)::uuid, 'team ' || n from generate_series(1, 3) n;
     insert into tasks (id, team_id, name) select gen_random_uuid(), t.id, 'flow.task_' || n from teams t, generate_series(1, 3) n where t.name <> 'team 3';`,
  );
  await migrate(database, MIGRATIONS);
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select t.name as team, p.name as project, p.default_image as image, count(task.id)::int as tasks
       from projects p join teams t on t.id = p.team_id left join tasks task on task.project_id = p.id and task.team_id = t.id
       group by 1, 2, 3 order by 1`,
    );
    expect(rows).toEqual([
      { team: 'team 1', project: 'default', image: null, tasks: 3 },
      { team: 'team 2', project: 'default', image: null, tasks: 3 },
    ]);
  } finally {
    await client.end();
  }
});
