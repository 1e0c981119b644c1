import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { auditEvents, credentials, jobs, registries } from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import {
  importCredentials,
  readImport,
} from '@/lib/services/credential-import';

const SECRET = 'canary-import-51ab';
let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
});

const auth = (user: string) =>
  Buffer.from(`${user}:${SECRET}`).toString('base64');

const CONFIG = JSON.stringify({
  auths: {
    'ghcr.io': { auth: auth('octocat') },
    'https://index.docker.io/v1/': { auth: auth('hubber') },
    'localhost:5999': { auth: auth('local') },
    'quay.io/acme': { identitytoken: SECRET },
    '*.azurecr.io': { auth: auth('x') },
    'registry.example.com': {},
  },
  credsStore: 'desktop',
});

const storedOf = (teamId: string) =>
  db().select().from(credentials).where(eq(credentials.teamId, teamId));

describe('readImport', () => {
  it('says what becomes what, and gives no secret back', async () => {
    const ghcr = await makeRegistry(actor, { host: 'ghcr.io', name: 'GitHub' });
    const view = await readImport(actor, { text: CONFIG });
    const text = JSON.stringify(view);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(auth('octocat'));
    expect(view.helpers).toEqual(['docker-credential-desktop']);
    expect(
      view.rows.map(({ key, registry, newName, skipped }) => [
        key,
        registry?.id ?? newName,
        skipped === null,
      ]),
    ).toEqual([
      ['ghcr.io', ghcr.id, true],
      ['https://index.docker.io/v1/', 'Docker Hub', true],
      ['localhost:5999', 'localhost:5999', true],
      ['quay.io/acme', 'quay.io/acme', true],
      ['*.azurecr.io', expect.any(String), false],
      ['registry.example.com', expect.any(String), false],
    ]);
    const local = view.rows.find(({ key }) => key === 'localhost:5999');
    expect(local).toMatchObject({ opensAddress: true, plainHttp: true });
    expect(await storedOf(actor.teamId)).toEqual([]);
  });

  it('offers a key without a path to every registry on its host, one with a path to those in it', async () => {
    const a = await makeRegistry(actor, { host: 'ghcr.io', namespace: 'a' });
    const b = await makeRegistry(actor, { host: 'ghcr.io', namespace: 'b' });
    const targets = async (key: string) =>
      (
        await readImport(actor, {
          text: JSON.stringify({ auths: { [key]: { auth: auth('x') } } }),
        })
      ).rows.map(({ registry }) => registry?.id ?? null);
    expect(new Set(await targets('ghcr.io'))).toEqual(new Set([a.id, b.id]));
    expect(await targets('ghcr.io/a')).toEqual([a.id]);
    expect(await targets('ghcr.io/c')).toEqual([null]);
  });

  it('leaves loopback to the owner', async () => {
    const member = await makeActor({ role: 'member', teamId: actor.teamId });
    const { rows } = await readImport(member, { text: CONFIG });
    expect(rows.find(({ key }) => key === 'localhost:5999')?.skipped).toContain(
      'owner',
    );
  });
});

describe('importCredentials', () => {
  it('stores what was chosen, each to be tested, and nothing else', async () => {
    const ghcr = await makeRegistry(actor, { host: 'ghcr.io', name: 'GitHub' });
    await makeRegistry(actor, {
      host: 'other.example.com',
      name: 'Docker Hub',
    });
    const { registries: done } = await importCredentials(actor, {
      text: CONFIG,
      purpose: 'pull',
      choices: [
        { key: 'ghcr.io', registryId: ghcr.id },
        { key: 'https://index.docker.io/v1/', registryId: null },
        { key: 'localhost:5999', registryId: null },
      ],
    });
    expect(done.map(({ name, isNew }) => [name, isNew])).toEqual([
      ['GitHub', false],
      ['Docker Hub 2', true],
      ['localhost:5999', true],
    ]);
    const stored = await storedOf(actor.teamId);
    expect(stored.map(({ purpose }) => purpose)).toEqual([
      'pull',
      'pull',
      'pull',
    ]);
    const tests = await db()
      .select()
      .from(jobs)
      .where(eq(jobs.teamId, actor.teamId));
    expect(new Set(tests.map(({ key }) => key))).toEqual(
      new Set(stored.map(({ id }) => id)),
    );
    const rows = await db()
      .select()
      .from(registries)
      .where(eq(registries.teamId, actor.teamId));
    expect(rows.find(({ host }) => host === 'localhost:5999')).toMatchObject({
      plainHttp: true,
      allowedRanges: expect.arrayContaining(['127.0.0.1/32']) as string[],
    });
    expect(rows.find(({ host }) => host === 'docker.io')?.kind).toBe(
      'docker_hub',
    );
    const events = JSON.stringify(
      await db()
        .select()
        .from(auditEvents)
        .where(eq(auditEvents.teamId, actor.teamId)),
    );
    expect(events).toContain('credential.import');
    expect(events + JSON.stringify([stored, rows, tests, done])).not.toContain(
      SECRET,
    );
  });

  it('stores all or nothing', async () => {
    const choices = [
      { key: 'ghcr.io', registryId: null },
      { key: '*.azurecr.io', registryId: null },
    ];
    await expect(
      importCredentials(actor, { text: CONFIG, purpose: 'push', choices }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await storedOf(actor.teamId)).toEqual([]);
  });

  it("does not reach another team's registry", async () => {
    const stranger = await makeActor();
    const theirs = await makeRegistry(stranger, { host: 'ghcr.io' });
    const { rows } = await readImport(actor, { text: CONFIG });
    expect(JSON.stringify(rows)).not.toContain(theirs.id);
    await expect(
      importCredentials(actor, {
        text: CONFIG,
        purpose: 'push',
        choices: [{ key: 'ghcr.io', registryId: theirs.id }],
      }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(await storedOf(stranger.teamId)).toEqual([]);
  });
});
