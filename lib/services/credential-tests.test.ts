import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { credentialChecks, credentials, jobs } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import { runJob } from '@/lib/jobs/loop';
import type { Actor } from '@/lib/auth';
import type { CredentialPurpose } from '@/lib/registry/credential';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import { testDueCredential } from '@/lib/services/credential-tests';
import {
  archiveRegistry,
  createRegistry,
  deleteCredential,
  replaceCredential,
} from '@/lib/services/registries';
import {
  getRegistry,
  listCredentialAttention,
} from '@/lib/services/registry-views';

const PASSWORD = 'canary-test-41bc';
const HOUR = 60 * 60 * 1000;
let actor: Actor;
let fake: FakeRegistry;
let registryId: string;

beforeEach(async () => {
  actor = await makeActor();
  fake = await startFakeRegistry({
    mode: 'basic',
    tls: false,
    users: { robot: PASSWORD },
  });
  ({ id: registryId } = await createRegistry(actor, {
    name: 'Local',
    host: fake.host,
    namespace: '',
    plainHttp: true,
    allowPrivate: true,
    credential: null,
  }));
});
afterEach(() => fake.close());

async function store(
  password: string,
  purpose: CredentialPurpose = 'push',
): Promise<string> {
  await replaceCredential(actor, {
    registryId,
    purpose,
    credential: { method: 'password', username: 'robot', password },
  });
  const rows = await db()
    .select()
    .from(credentials)
    .where(eq(credentials.registryId, registryId));
  return rows.find((row) => row.purpose === purpose)?.id ?? '';
}

const jobsOf = (key: string) =>
  db().select().from(jobs).where(eq(jobs.key, key));
const changesOf = async (id: string) =>
  (
    await db()
      .select()
      .from(credentialChecks)
      .where(eq(credentialChecks.credentialId, id))
      .orderBy(credentialChecks.id)
  ).map(({ isFailing }) => isFailing);
const refuseAll = () =>
  fake.script({
    when: '* /v2/*',
    reply: { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
  });

describe('the tests of a credential', () => {
  it('wait as one job, which comes back in a few hours and ends with the credential', async () => {
    const id = await store(PASSWORD);
    const [job, ...others] = await jobsOf(id);
    expect(others).toEqual([]);
    expect(job?.runAfter.getTime()).toBeLessThanOrEqual(Date.now());
    if (!job) throw new Error('no job');
    await runJob(job);
    const [later] = await jobsOf(id);
    const waitMs = (later?.runAfter.getTime() ?? 0) - Date.now();
    expect(later?.finishedAt).toBeNull();
    expect(waitMs).toBeGreaterThan(2.9 * HOUR);
    expect(waitMs).toBeLessThan(5.1 * HOUR);
    const view = await getRegistry(actor, registryId);
    expect(view.credentials[0]?.lastCheck?.push.outcome).toBe('accepted');
    expect(view.credentials[0]?.lastUsedAt).toBeNull();
    await deleteCredential(actor, { registryId, purpose: 'push' });
    expect(await jobsOf(id)).toEqual([]);
  });

  it('are spread, so that those stored together are not made together', async () => {
    const id = await store(PASSWORD);
    expect(await testDueCredential(id, () => 0)).toBe(3 * HOUR);
    expect(await testDueCredential(id, () => 1)).toBe(5 * HOUR);
  });

  it('end when the registry is archived, or another credential is stored', async () => {
    const first = await store(PASSWORD);
    const second = await store(PASSWORD);
    expect(await jobsOf(first)).toEqual([]);
    expect(await testDueCredential(first)).toBeNull();
    await archiveRegistry(actor, { registryId });
    expect(await jobsOf(second)).toEqual([]);
    expect(await testDueCredential(second)).toBeNull();
  });

  it('write down when it begins to fail and when it works again, once each', async () => {
    const id = await store(PASSWORD);
    await testDueCredential(id);
    expect(await changesOf(id)).toEqual([]);
    expect(await listCredentialAttention(actor)).toEqual([]);
    refuseAll();
    await testDueCredential(id);
    await testDueCredential(id);
    expect(await changesOf(id)).toEqual([true]);
    const [attention] = await listCredentialAttention(actor);
    expect(attention).toMatchObject({
      registry: { id: registryId, name: 'Local' },
      purpose: 'push',
      failure: expect.stringContaining('does not let') as string,
    });
    expect(await listCredentialAttention(await makeActor())).toEqual([]);
    fake.script({
      when: '* /v2/*',
      reply: ({ method, path }) =>
        fake.store.answer({
          method,
          path,
          query: new URLSearchParams(),
          headers: {},
          body: Buffer.alloc(0),
        }),
    });
    await testDueCredential(id);
    await testDueCredential(id);
    expect(await changesOf(id)).toEqual([true, false]);
    expect(await listCredentialAttention(actor)).toEqual([]);
    const view = await getRegistry(actor, registryId);
    expect(view.changes.map(({ isFailing }) => isFailing)).toEqual([
      false,
      true,
    ]);
  });

  it('count silence only the second time, and keep what was known', async () => {
    const id = await store(PASSWORD);
    await testDueCredential(id);
    await fake.close();
    expect(await testDueCredential(id, () => 0.5)).toBe(15 * 60 * 1000);
    expect(await listCredentialAttention(actor)).toEqual([]);
    await testDueCredential(id);
    const [attention] = await listCredentialAttention(actor);
    expect(attention?.failure).toContain(fake.host);
    const view = await getRegistry(actor, registryId);
    expect(view.credentials[0]?.lastCheck).toMatchObject({
      push: { outcome: 'accepted' },
      fault: { code: 'REGISTRY_UNREACHABLE' },
    });
  });

  it('say nothing of a credential when the registry asks to wait', async () => {
    const id = await store(PASSWORD);
    await testDueCredential(id);
    fake.script({
      when: '* /v2/*',
      reply: { status: 429, headers: { 'retry-after': '600' } },
    });
    await testDueCredential(id);
    await testDueCredential(id);
    expect(await changesOf(id)).toEqual([]);
  });

  it('judge each by its own purpose', async () => {
    fake.script(
      { when: 'PATCH /v2/*', reply: { status: 401 } },
      { when: 'POST /v2/*', reply: { status: 401 } },
    );
    const push = await store(PASSWORD, 'push');
    const pull = await store(PASSWORD, 'pull');
    await testDueCredential(push);
    await testDueCredential(pull);
    const found = await listCredentialAttention(actor);
    expect(found.map(({ purpose }) => purpose)).toEqual(['push']);
  });
});

describe('a credential that ends', () => {
  it.each([
    [15, false],
    [13, true],
    [-1, true],
  ])('in %i days is shown: %s', async (days, isShown) => {
    const end = new Date(Date.now() + days * 24 * HOUR);
    await replaceCredential(actor, {
      registryId,
      purpose: 'cluster',
      credential: {
        method: 'password',
        username: 'robot',
        password: PASSWORD,
        lastDay: end.toISOString().slice(0, 10),
      },
    });
    const found = await listCredentialAttention(actor);
    expect(found.length === 1).toBe(isShown);
    expect(found[0]?.failure ?? null).toBeNull();
  });
});
