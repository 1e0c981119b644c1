import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from './start-error.js';

const APP_ROLE = 'imageyard';
const OLDEST_SERVER = 15;
const MIGRATION_LOCK = 4_918_223;

/** The address of a database behind a socket in `folder`, for the app: a role of its own that is not the superuser. */
export function socketUrl(folder, databaseName, role = APP_ROLE) {
  return `postgresql://${role}@localhost/${encodeURIComponent(databaseName)}?host=${encodeURIComponent(folder)}`;
}

/** Makes the app's role, which may make databases but not read the server's files. */
export function ensureAppRole(folder) {
  return withClient(
    socketUrl(folder, 'postgres', 'postgres'),
    async (client) => {
      const { rowCount } = await client.query(
        'select from pg_roles where rolname = $1',
        [APP_ROLE],
      );
      if (rowCount === 0)
        await client.query(`create role ${APP_ROLE} login createdb`);
    },
  );
}

export function createDatabaseIfMissing(folder, name) {
  return withClient(socketUrl(folder, 'postgres'), async (client) => {
    const { rowCount } = await client.query(
      'select from pg_database where datname = $1',
      [name],
    );
    if (rowCount === 0)
      await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
}

/** Whether the server of DATABASE_URL answers and is new enough; else one line without the password. */
export async function checkServer(url) {
  try {
    await withClient(url, async (client) => {
      const { rows } = await client.query('show server_version_num');
      const major = Math.floor(Number(rows[0].server_version_num) / 10_000);
      if (major < OLDEST_SERVER) {
        throw new StartError(
          `DATABASE_URL leads to PostgreSQL ${major}; Imageyard needs ${OLDEST_SERVER} or newer.`,
        );
      }
    });
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `The database of DATABASE_URL (${describeUrl(url)}) cannot be used: ${whyNot(error)}`,
      {
        cause: error,
      },
    );
  }
}

const REASONS = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'this host is not known',
  EAI_AGAIN: 'this host is not known',
  ETIMEDOUT: 'it does not answer',
  ENOENT: 'there is no such socket',
  EACCES: 'permission denied on its socket',
  '28P01': 'it refuses the password',
  28000: 'it refuses this user',
  '3D000': 'there is no database of this name; create it',
};

function whyNot(error) {
  const first = error.errors?.[0] ?? error;
  return (
    REASONS[first.code] ??
    (/timeout/.test(first.message) ? REASONS.ETIMEDOUT : first.message)
  );
}

export function describeUrl(text) {
  const url = new URL(text);
  return `${url.searchParams.get('host') ?? url.host}${url.pathname}`;
}

/** Brings the tables up to this release. Several processes may ask at once; one does it. */
export async function migrate(url, folder) {
  const { drizzle } = await import('drizzle-orm/node-postgres');
  const migrator = await import('drizzle-orm/node-postgres/migrator');
  await withClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseNewerDatabase(client, folder);
    await migrator.migrate(drizzle(client), { migrationsFolder: folder });
  });
}

async function refuseNewerDatabase(client, folder) {
  const { rows } = await client.query(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  );
  if (!rows[0].exists) return;
  const applied = await client.query(
    'select max(created_at) as last from drizzle.__drizzle_migrations',
  );
  if (Number(applied.rows[0].last) > newestMigration(folder)) {
    throw new StartError(
      'The database was made by a newer release of Imageyard. Start that release or a later one.',
    );
  }
}

function newestMigration(folder) {
  const journal = path.join(folder, 'meta/_journal.json');
  const entries = existsSync(journal)
    ? JSON.parse(readFileSync(journal, 'utf8')).entries
    : [];
  return Math.max(0, ...entries.map(({ when }) => when));
}

async function withClient(connectionString, work) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
  });
  // Without a listener a server that goes away would end this process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
