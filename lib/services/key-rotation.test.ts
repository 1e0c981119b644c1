import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { db } from '@/db';
import { buildSecrets, credentials, settings } from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { keyIdOf, seal, type SealedPlace } from '@/lib/crypto';
import { env } from '@/lib/env';
import { currentKey } from '@/lib/installation-keys';
import { openSecrets, storeSecret } from '@/lib/services/build-secrets';
import { withCredential } from '@/lib/services/credentials';
import { rotateKey } from '@/lib/services/key-rotation';
import { replaceCredential } from '@/lib/services/registries';
import { checkInstallationKey } from '@/lib/services/set-up';

const SECRET = 'canary-rotation-9e31';
const CHECKOUT = path.join(import.meta.dirname, '../..');
const data = () => env().IMAGEYARD_DATA;
const keyFile = () => path.join(data(), 'key');
let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
  await db().delete(credentials);
  await db().delete(buildSecrets);
  expect(await checkInstallationKey()).toBe(true);
});

async function storeOne(): Promise<string> {
  const registry = await makeRegistry(actor);
  await replaceCredential(actor, {
    registryId: registry.id,
    purpose: 'push',
    credential: { method: 'password', username: 'robot', password: SECRET },
  });
  const [row] = await db()
    .select({ id: credentials.id })
    .from(credentials)
    .where(eq(credentials.registryId, registry.id));
  return row?.id ?? '';
}

const read = (id: string) =>
  withCredential(actor.teamId, id, { kind: 'look' }, ({ password }) =>
    Promise.resolve(password),
  );

/** Rows that a rotation has long to do with. */
async function storeMany(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, at) => {
    const id = v7();
    const place = { table: 'build_secrets', rowId: id, teamId: actor.teamId };
    const sealedContent = seal(`${SECRET}-${String(at)}`, place);
    return {
      id,
      teamId: actor.teamId,
      name: `secret-${String(at)}`,
      sealedContent,
      keyId: keyIdOf(sealedContent),
    };
  });
  await db().insert(buildSecrets).values(rows);
}

async function keyIds(): Promise<Set<string>> {
  const rows = await db()
    .select({
      id: sql<string>`split_part(${buildSecrets.sealedContent}, ':', 2)`,
      column: buildSecrets.keyId,
    })
    .from(buildSecrets);
  for (const { id, column } of rows) expect(column).toBe(id);
  return new Set(rows.map(({ id }) => id));
}

/** What a process that never saw it can open with a key file of before. */
async function opensWith(
  key: string,
  sealed: string,
  place: SealedPlace,
): Promise<boolean> {
  const now = readFileSync(keyFile(), 'utf8');
  vi.resetModules();
  writeFileSync(keyFile(), key);
  try {
    const fresh = await import('@/lib/crypto');
    return fresh.open(sealed, place) !== '';
  } catch {
    return false;
  } finally {
    writeFileSync(keyFile(), now);
    vi.resetModules();
  }
}

describe('rotateKey', () => {
  it('seals every secret with a new key, and leaves nothing the old one opens', async () => {
    const id = await storeOne();
    await storeSecret(actor, { name: '.netrc', content: SECRET });
    const oldKey = readFileSync(keyFile(), 'utf8');
    const oldId = currentKey().id;

    expect(await rotateKey()).toMatchObject({
      isResumed: false,
      resealed: 2,
      unreadable: 0,
    });

    expect(currentKey().id).not.toBe(oldId);
    expect(await read(id)).toBe(SECRET);
    const secrets = await openSecrets(actor.teamId, ['.netrc']);
    expect(secrets.get('.netrc')).toBe(SECRET);
    expect(await checkInstallationKey()).toBe(true);
    expect(existsSync(path.join(data(), 'keys'))).toBe(false);
    expect(readdirSync(data()).sort()).toEqual(['key']);
    const sealed = JSON.stringify([
      await db().select().from(credentials),
      await db().select().from(buildSecrets),
      await db().select().from(settings),
    ]);
    expect(sealed).not.toContain(oldId);
    const [row] = await db().select().from(credentials);
    const place = { table: 'credentials', rowId: id, teamId: actor.teamId };
    const text = row?.sealedSecret ?? '';
    expect(await opensWith(oldKey, text, place)).toBe(false);
    expect(await opensWith(readFileSync(keyFile(), 'utf8'), text, place)).toBe(
      true,
    );
  });

  it('killed half-way leaves everything readable, and is taken to its end the next time', async () => {
    await storeMany(4_000);
    const [first] = await keyIds();
    const child = spawn(
      process.execPath,
      [
        '--conditions=react-server',
        '--import',
        'tsx',
        'start/admin.ts',
        'rotate-key',
      ],
      { cwd: CHECKOUT, stdio: 'ignore', env: process.env },
    );
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await expect
      .poll(async () => (await keyIds()).size, { interval: 5, timeout: 30_000 })
      .toBe(2);
    child.kill('SIGKILL');
    await ended;

    expect((await keyIds()).size).toBe(2);
    expect(existsSync(path.join(data(), 'keys', first ?? ''))).toBe(true);
    const names = ['secret-0', 'secret-3999'];
    expect(
      [...(await openSecrets(actor.teamId, names)).values()].sort(),
    ).toEqual([`${SECRET}-0`, `${SECRET}-3999`]);
    expect(await checkInstallationKey()).toBe(true);
    const second = currentKey().id;

    const rest = await rotateKey();
    expect(rest).toMatchObject({ isResumed: true, unreadable: 0 });
    expect(rest.resealed).toBeGreaterThan(0);
    expect(rest.resealed).toBeLessThan(4_000);
    expect(await keyIds()).toEqual(new Set([second]));
    expect(existsSync(path.join(data(), 'keys'))).toBe(false);
    expect(
      [...(await openSecrets(actor.teamId, names)).values()].sort(),
    ).toEqual([`${SECRET}-0`, `${SECRET}-3999`]);
  }, 90_000);

  it('killed before the new key was put in place makes one the next time', async () => {
    const id = await storeOne();
    const { id: oldId } = currentKey();
    mkdirSync(path.join(data(), 'keys'));
    copyFileSync(keyFile(), path.join(data(), 'keys', oldId));
    writeFileSync(`${keyFile()}.next`, 'half a ke');
    expect(await rotateKey()).toMatchObject({ isResumed: false, resealed: 1 });
    expect(currentKey().id).not.toBe(oldId);
    expect(await read(id)).toBe(SECRET);
    expect(readdirSync(data()).sort()).toEqual(['key']);
  });

  it('changes nothing when the key is not the database’s', async () => {
    const id = await storeOne();
    const right = readFileSync(keyFile(), 'utf8');
    const wrong = randomBytes(32).toString('base64');
    // A process that never saw the right key: this one would still know it.
    vi.resetModules();
    writeFileSync(keyFile(), wrong);
    const fresh = await import('@/lib/services/key-rotation');
    await expect(fresh.rotateKey()).rejects.toMatchObject({
      code: 'CREDENTIAL_SEALED',
    });
    expect(readFileSync(keyFile(), 'utf8')).toBe(wrong);
    const { closeDatabase } = await import('@/db');
    await closeDatabase();
    vi.resetModules();
    writeFileSync(keyFile(), right);
    expect(await read(id)).toBe(SECRET);
  });

  it('seals anew what is stored while it runs', async () => {
    await storeMany(300);
    const [rotation, ...ids] = await Promise.all([
      rotateKey(),
      ...Array.from({ length: 5 }, () => storeOne()),
    ]);
    const rows = await db().select().from(credentials);
    expect(rows).toHaveLength(5);
    for (const row of rows) {
      expect(keyIdOf(row.sealedSecret)).toBe(rotation.keyId);
    }
    for (const id of ids) expect(await read(id)).toBe(SECRET);
  });

  it('counts what no key opens, and leaves it', async () => {
    const id = await storeOne();
    await db()
      .update(credentials)
      .set({ sealedSecret: sql`${credentials.sealedSecret} || 'AA'` });
    expect(await rotateKey()).toMatchObject({ resealed: 0, unreadable: 1 });
    await expect(read(id)).rejects.toMatchObject({ code: 'CREDENTIAL_SEALED' });
  });

  it('knows every sealed column there is', async () => {
    const found = await db().execute<{ place: string }>(
      sql`select table_name || '.' || column_name as place from information_schema.columns
          where table_schema = 'public' and column_name like 'sealed%' order by 1`,
    );
    expect(found.rows.map(({ place }) => place)).toEqual([
      'build_secrets.sealed_content',
      'credentials.sealed_secret',
    ]);
  });
});
