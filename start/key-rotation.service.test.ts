import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { socketUrl } from './database.js';
import { clusterIn } from './postgres-cluster.js';
import { readServerFile } from './postgres-leftover.js';
import { DATABASE } from './supervise.js';
import {
  type Installation,
  makeInstallation,
  until,
} from './testing/installation';

const SECRETS = 4_000;

let installation: Installation;
let client: pg.Client;

beforeEach(async () => {
  installation = await makeInstallation();
  await installation.up({ STUB_REAL_TABLES: '1' });
  const server = readServerFile(
    clusterIn(path.join(installation.data, 'postgres')),
  );
  if (!server) throw new Error('The database is not there.');
  client = new pg.Client({
    connectionString: socketUrl(server.socketFolder, DATABASE),
  });
  await client.connect();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await client.end();
  await installation.end();
});

const keyText = () =>
  readFileSync(path.join(installation.data, 'key'), 'utf8').trim();

/** Sealing as a process does it that was started now: it knows no key but those in the data folder. */
async function freshCrypto() {
  vi.stubEnv('IMAGEYARD_DATA', installation.data);
  vi.resetModules();
  return import('@/lib/crypto');
}

const placeOf = (rowId: string, teamId: string) => ({
  table: 'build_secrets',
  rowId,
  teamId,
});

async function storeSecrets(): Promise<void> {
  const { keyIdOf, seal } = await freshCrypto();
  const { rows } = await client.query<{ id: string }>('select id from teams');
  const team = rows[0]?.id ?? '';
  const ids = Array.from({ length: SECRETS }, () => v7());
  const sealed = ids.map((id) => seal(`secret of ${id}`, placeOf(id, team)));
  await client.query(
    `insert into build_secrets (id, team_id, name, sealed_content, key_id)
     select id, $1, 'secret-' || id, sealed, $4 from unnest($2::uuid[], $3::text[]) as given (id, sealed)`,
    [team, ids, sealed, keyIdOf(sealed[0] ?? '')],
  );
}

async function countOpening(): Promise<number> {
  const { open } = await freshCrypto();
  const { rows } = await client.query<{
    id: string;
    team_id: string;
    sealed_content: string;
  }>('select id, team_id, sealed_content from build_secrets');
  return rows.filter(
    ({ id, team_id, sealed_content }) =>
      open(sealed_content, placeOf(id, team_id)) === `secret of ${id}`,
  ).length;
}

async function keysInUse(): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(distinct split_part(sealed_content, ':', 2))::int as count from build_secrets`,
  );
  return rows[0]?.count ?? 0;
}

function filesWith(text: string): string[] {
  return readdirSync(installation.data, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(installation.data, name))
    .filter((file) => {
      try {
        return readFileSync(file).includes(text);
      } catch {
        // A folder, a socket, or gone by now.
        return false;
      }
    });
}

it('the key of a running installation is rotated, by another start when one is killed in the middle', async () => {
  await storeSecrets();
  const before = keyText();
  const session = (await freshCrypto()).sessionSecret();
  const others = installation.processes().length;

  const killed = installation.run('start/rotate-key.js');
  await vi.waitUntil(async () => (await keysInUse()) === 2, {
    timeout: 45_000,
    interval: 5,
  });
  killed.process.kill('SIGKILL');
  await killed.exited;
  // What it had started ends with it.
  await until(() => installation.processes().length === others);
  expect(await keysInUse()).toBe(2);
  expect(filesWith(before)).toHaveLength(1);
  expect(await countOpening()).toBe(SECRETS);
  expect(await installation.visit('/')).toMatchObject({ ok: true });

  const again = installation.run('start/rotate-key.js');
  expect(await again.exited).toBe(0);
  expect(again.output()).toContain(
    'A rotation that was broken off was taken to its end.',
  );
  expect(again.output()).toContain('Everybody signs in again.');
  expect(again.output()).not.toContain('could not be opened');
  expect(keyText()).not.toBe(before);
  expect(again.output()).not.toContain(keyText());
  expect(existsSync(path.join(installation.data, 'keys'))).toBe(false);
  expect(filesWith(before)).toEqual([]);
  expect(await keysInUse()).toBe(1);
  expect(await countOpening()).toBe(SECRETS);
  expect((await freshCrypto()).sessionSecret()).not.toBe(session);
}, 240_000);
