import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { auditEvents, credentials, registries } from '@/db/schema';
import { makeActor, makeSpec } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { CreateRegistry } from '@/lib/registry/forms';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import { getRegistry, listRegistries } from '@/lib/services/registry-views';
import {
  archiveRegistry,
  createRegistry,
  deleteCredential,
  replaceCredential,
  updateRegistry,
} from '@/lib/services/registries';
import { allowRealm, testRegistry } from '@/lib/services/registry-test';

const PASSWORD = `canary-${randomBytes(12).toString('hex')}`;
let actor: Actor;
let fake: FakeRegistry | undefined;

beforeEach(async () => {
  actor = await makeActor();
});
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

const input = (values: Partial<CreateRegistry> = {}): CreateRegistry => ({
  name: 'GitHub',
  host: 'ghcr.io',
  namespace: 'acme',
  plainHttp: false,
  allowPrivate: false,
  credential: { method: 'password', username: 'robot', password: PASSWORD },
  ...values,
});

const local = (host: string, values: Partial<CreateRegistry> = {}) =>
  input({
    name: 'Local',
    host,
    plainHttp: true,
    allowPrivate: true,
    namespace: '',
    ...values,
  });

describe('a registry', () => {
  it('keeps its secret sealed, and shows it in no view', async () => {
    const { id } = await createRegistry(actor, local('127.0.0.1:5999'));
    const [row] = await db()
      .select()
      .from(credentials)
      .where(eq(credentials.registryId, id));
    expect(row?.sealedSecret).toMatch(/^v1:/);
    const views = JSON.stringify([
      await listRegistries(actor),
      await getRegistry(actor, id),
      row,
    ]);
    for (const form of [
      PASSWORD,
      Buffer.from(PASSWORD).toString('base64'),
      encodeURIComponent(PASSWORD),
    ]) {
      expect(views).not.toContain(form);
    }
    expect(JSON.stringify(await getRegistry(actor, id))).not.toContain(
      'sealed',
    );
    const events = JSON.stringify(await db().select().from(auditEvents));
    expect(events).toContain('registry.create');
    expect(events).not.toContain(PASSWORD);
  });

  it('replaces its credential: the old row is gone', async () => {
    const { id } = await createRegistry(actor, local('127.0.0.1:5999'));
    const [before] = await db()
      .select()
      .from(credentials)
      .where(eq(credentials.registryId, id));
    await replaceCredential(actor, {
      registryId: id,
      purpose: 'push',
      credential: { method: 'password', username: 'robot2', password: 'other' },
    });
    const after = await db()
      .select()
      .from(credentials)
      .where(eq(credentials.registryId, id));
    expect(after.map(({ username }) => username)).toEqual(['robot2']);
    expect(after[0]?.id).not.toBe(before?.id);
    await deleteCredential(actor, { registryId: id, purpose: 'push' });
    expect((await getRegistry(actor, id)).credentials).toEqual([]);
  });

  it('loses its credential when the host changes, not when the name does', async () => {
    const { id } = await createRegistry(actor, local('127.0.0.1:5999'));
    await updateRegistry(actor, {
      ...local('127.0.0.1:5999', { name: 'New name' }),
      registryId: id,
    });
    expect((await getRegistry(actor, id)).credentials).toHaveLength(1);
    await updateRegistry(actor, { ...local('127.0.0.1:5998'), registryId: id });
    expect((await getRegistry(actor, id)).credentials).toEqual([]);
  });

  it('has a name of its own in the team', async () => {
    await createRegistry(actor, local('127.0.0.1:5999'));
    await expect(
      createRegistry(actor, local('127.0.0.1:5998')),
    ).rejects.toMatchObject({
      code: 'NAME_TAKEN',
      fields: { name: expect.any(String) as string },
    });
    await createRegistry(await makeActor(), local('127.0.0.1:5999'));
  });

  it('is archived only when no live spec pushes there, and its secret goes', async () => {
    const { id } = await createRegistry(actor, local('127.0.0.1:5999'));
    const [row] = await db()
      .select()
      .from(registries)
      .where(eq(registries.id, id));
    if (!row) throw new Error('no row');
    await makeSpec(actor, row);
    await expect(
      archiveRegistry(actor, { registryId: id }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    const second = await createRegistry(
      actor,
      local('127.0.0.1:5997', { name: 'Second' }),
    );
    await archiveRegistry(actor, { registryId: second.id });
    expect((await listRegistries(actor)).map(({ name }) => name)).toEqual([
      'Local',
    ]);
    expect(
      await db()
        .select()
        .from(credentials)
        .where(eq(credentials.registryId, second.id)),
    ).toEqual([]);
  });
});

describe('loopback, private and plain-http hosts', () => {
  it.each([
    ['loopback', '127.0.0.1:5999', false],
    ['private', '10.1.2.3:5000', false],
    ['plain http', '127.0.0.1:5999', true],
    ['IPv6 loopback', '[::1]:5999', false],
  ])(
    '%s is refused to a member, and to an owner who has not said yes',
    async (_, host, plainHttp) => {
      const member = await makeActor({ role: 'member', teamId: actor.teamId });
      const values = input({ host, plainHttp, allowPrivate: true });
      await expect(createRegistry(member, values)).rejects.toMatchObject({
        code: 'NOT_ALLOWED',
      });
      await expect(
        createRegistry(actor, { ...values, allowPrivate: false }),
      ).rejects.toMatchObject({
        code: 'REGISTRY_BLOCKED',
        fields: { allowPrivate: expect.any(String) as string },
      });
      expect(await listRegistries(actor)).toEqual([]);
    },
  );

  it('are opened for exactly the address written out', async () => {
    const { id } = await createRegistry(actor, local('127.0.0.1:5999'));
    expect((await getRegistry(actor, id)).allowedRanges).toEqual([
      '127.0.0.1/32',
    ]);
  });

  it('need the port', async () => {
    await expect(
      createRegistry(actor, local('127.0.0.1')),
    ).rejects.toMatchObject({
      code: 'REGISTRY_BLOCKED',
      fields: { host: expect.stringContaining('port') as string },
    });
  });
});

describe('Test', () => {
  it('says that the credential is accepted, for pull and for push', async () => {
    fake = await startFakeRegistry({
      mode: 'basic',
      tls: false,
      users: { robot: PASSWORD },
    });
    const { id } = await createRegistry(actor, local(fake.host));
    const { check } = await testRegistry(actor, {
      registryId: id,
      purpose: 'push',
    });
    expect(check).toMatchObject({
      pull: { outcome: 'accepted' },
      push: { outcome: 'accepted' },
    });
    expect(
      (await getRegistry(actor, id)).credentials[0]?.lastCheck,
    ).toMatchObject({
      push: { outcome: 'accepted' },
    });
    // A test is no use.
    expect(
      (await getRegistry(actor, id)).credentials[0]?.lastUsedAt,
    ).toBeNull();
  });

  it('says that the credential is refused', async () => {
    fake = await startFakeRegistry({
      mode: 'basic',
      tls: false,
      users: { robot: 'another password' },
    });
    const { id } = await createRegistry(actor, local(fake.host));
    const { check } = await testRegistry(actor, {
      registryId: id,
      purpose: 'push',
    });
    expect(check).toMatchObject({
      pull: { outcome: 'refused' },
      push: { outcome: 'refused' },
    });
    expect(JSON.stringify(check)).not.toContain(PASSWORD);
  });

  it('says what stands in the way when nothing answers', async () => {
    fake = await startFakeRegistry({ tls: false });
    const { id } = await createRegistry(actor, local(fake.host));
    await fake.close();
    await expect(
      testRegistry(actor, { registryId: id, purpose: 'push' }),
    ).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });

  it('asks the owner before the password goes to a foreign token service', async () => {
    const thief = await startFakeRegistry({ tls: false });
    fake = await startFakeRegistry({
      mode: 'token',
      tls: false,
      users: { robot: PASSWORD },
      realm: 'https://tokens.example.net/token',
    });
    try {
      const { id } = await createRegistry(actor, local(fake.host));
      await expect(
        testRegistry(actor, { registryId: id, purpose: 'push' }),
      ).rejects.toMatchObject({
        code: 'REGISTRY_REALM_UNBOUND',
        fields: { realmOrigin: 'https://tokens.example.net' },
      });
      const allowed = {
        registryId: id,
        purpose: 'push' as const,
        realmOrigin: 'https://tokens.example.net',
      };
      const member = await makeActor({ role: 'member', teamId: actor.teamId });
      await expect(allowRealm(member, allowed)).rejects.toMatchObject({
        code: 'NOT_ALLOWED',
      });
      await allowRealm(actor, allowed);
      expect(
        (await getRegistry(actor, id)).credentials[0]?.realmOrigins,
      ).toEqual(['https://tokens.example.net']);
    } finally {
      await thief.close();
    }
  });
});

describe("another team's registry", () => {
  it('is not found', async () => {
    const { id } = await createRegistry(actor, local('127.0.0.1:5999'));
    const stranger = await makeActor();
    const missing = { code: 'NOT_FOUND' };
    await expect(getRegistry(stranger, id)).rejects.toMatchObject(missing);
    await expect(
      testRegistry(stranger, { registryId: id, purpose: 'push' }),
    ).rejects.toMatchObject(missing);
    await expect(
      archiveRegistry(stranger, { registryId: id }),
    ).rejects.toMatchObject(missing);
    await expect(
      deleteCredential(stranger, { registryId: id, purpose: 'push' }),
    ).rejects.toMatchObject(missing);
    await expect(
      updateRegistry(stranger, { ...local('127.0.0.1:5999'), registryId: id }),
    ).rejects.toMatchObject(missing);
    await expect(
      replaceCredential(stranger, {
        registryId: id,
        purpose: 'push',
        credential: { method: 'password', username: 'a', password: 'b' },
      }),
    ).rejects.toMatchObject(missing);
    expect(await listRegistries(stranger)).toEqual([]);
  });
});
