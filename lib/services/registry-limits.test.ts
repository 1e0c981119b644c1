import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { registryLimits } from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import { replaceCredential } from '@/lib/services/credentials';
import { type Asker, withRegistry } from '@/lib/services/registry-clients';
import { listLimits } from '@/lib/services/registry-limits';

const LEFT = {
  'ratelimit-limit': '100;w=21600',
  'ratelimit-remaining': '42;w=21600',
};

let actor: Actor;
let fake: FakeRegistry;

beforeEach(async () => {
  actor = await makeActor();
  fake = await startFakeRegistry({
    tls: false,
    mode: 'token',
    users: { puller: 'canary-pull-1' },
    isPublic: () => true,
  });
  fake.store.seedImage('acme/etl', 'v1', { layers: ['1'] });
  const registry = await makeRegistry(actor, {
    host: fake.host,
    namespace: 'acme',
    plainHttp: true,
    allowedRanges: ['127.0.0.1/32'],
  });
  await db().transaction((tx) =>
    replaceCredential(
      tx,
      registry,
      'pull',
      {
        method: 'password',
        username: 'puller',
        password: 'canary-pull-1',
        lastDay: null,
      },
      actor.userId,
    ),
  );
});
afterEach(() => fake.close());

const head = (asker: Asker) =>
  withRegistry(
    { teamId: actor.teamId, host: fake.host, path: 'acme/etl' },
    asker,
    (client) => client.headManifest('acme/etl', 'v1'),
  );

/** Every answer about a manifest also says these. */
const say = (headers: Record<string, string>, status = 200) =>
  fake.script({
    when: ({ path }) => path.includes('/manifests/'),
    reply: (request) => {
      const answer = fake.store.answer(request);
      return status === 200
        ? { ...answer, headers: { ...answer.headers, ...headers } }
        : { status, headers };
    },
  });

describe('what a registry says of its limits to any request', () => {
  it('is kept for who asked', async () => {
    say(LEFT);
    await head('stored_pull');
    expect(await listLimits(actor, fake.host)).toMatchObject([
      { identity: 'stored_pull', limit: 100, remaining: 42 },
    ]);
    await head('anonymous');
    expect(
      (await listLimits(actor, fake.host)).map(({ identity }) => identity),
    ).toEqual(['anonymous', 'stored_pull']);
  });

  it('is kept when it refuses, and the call fails', async () => {
    say({ 'retry-after': '3600' }, 429);
    await expect(head('stored_pull')).rejects.toMatchObject({
      code: 'REGISTRY_RATE_LIMITED',
    });
    const [limit] = await listLimits(actor, fake.host);
    expect(Date.parse(limit?.pausedUntil ?? '')).toBeGreaterThan(
      Date.now() + 3_000_000,
    );
  });

  it('is heeded by a process that was not told itself', async () => {
    await db()
      .insert(registryLimits)
      .values({
        teamId: actor.teamId,
        host: fake.host,
        identity: 'stored_pull',
        pausedUntil: new Date(Date.now() + 3_600_000),
      });
    await expect(head('stored_pull')).rejects.toMatchObject({
      code: 'REGISTRY_RATE_LIMITED',
    });
    expect(fake.requests).toEqual([]);
    await head('anonymous');
  });
});
