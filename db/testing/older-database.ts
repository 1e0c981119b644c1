import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { runSql, withDatabase } from '@/db/testing/admin';
import { migrate } from '@/start/database.js';

const MIGRATIONS = path.join(import.meta.dirname, '../migrations');

type Journal = { entries: { tag: string }[] };

export type OlderDatabase = {
  query: <Row extends pg.QueryResultRow>(
    sql: string,
    values?: unknown[],
  ) => Promise<Row[]>;
  /** Brings it up to this release. */
  update: () => Promise<void>;
  end: () => Promise<void>;
};

/** A database of its own as it was before the migration of this name. */
export async function openBefore(migration: string): Promise<OlderDatabase> {
  const { url } = inject('testServer');
  const name = `test_before_${randomBytes(6).toString('hex')}`;
  const connectionString = withDatabase(url, name);
  const older = await migrationsBefore(migration);
  await runSql(url, `create database ${name}`);
  await migrate(connectionString, older);
  await rm(older, { recursive: true });
  const client = new pg.Client({ connectionString });
  await client.connect();
  return {
    query: async <Row extends pg.QueryResultRow>(
      sql: string,
      values?: unknown[],
    ) => (await client.query<Row>(sql, values)).rows,
    update: () => migrate(connectionString, MIGRATIONS),
    end: async () => {
      await client.end();
      await runSql(url, `drop database ${name} with (force)`);
    },
  };
}

/** A copy of the migrations that ends before one of them. */
async function migrationsBefore(migration: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imageyard-migrations-'));
  const file = path.join('meta', '_journal.json');
  const journal = JSON.parse(
    await readFile(path.join(MIGRATIONS, file), 'utf8'),
  ) as Journal;
  const at = journal.entries.findIndex(({ tag }) => tag === migration);
  if (at < 1) throw new Error(`There is no ${migration} with one before it.`);
  await cp(MIGRATIONS, folder, { recursive: true });
  const entries = journal.entries.slice(0, at);
  await writeFile(
    path.join(folder, file),
    JSON.stringify({ ...journal, entries }),
  );
  return folder;
}
