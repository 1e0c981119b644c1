import { afterEach, describe, expect, it } from 'vitest';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import {
  type FakeRegistry,
  type FakeRequest,
  startFakeRegistry,
  TEST_CA,
} from '@/lib/registry/testing/fake-registry';
import type { Credential } from './authorizer';

const TOKEN = 'refresh-4711.abc';
const open: { close: () => Promise<unknown> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(
  onPost: (request: FakeRequest) => number,
): Promise<FakeRegistry> {
  const fake = await startFakeRegistry({
    mode: 'token',
    users: { robot: TOKEN },
  });
  open.push(fake);
  fake.store.seedImage('acme/etl', '1');
  const answers = new Map<string, FakeRequest>();
  fake.script(
    {
      when: 'POST /token',
      reply: (request) => {
        const status = onPost(request);
        if (status !== 200) return { status };
        answers.set('bearer-1', request);
        return {
          status,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ access_token: 'bearer-1', expires_in: 300 }),
        };
      },
    },
    {
      when: ({ path, headers }) =>
        path.startsWith('/v2/') && headers.authorization === 'Bearer bearer-1',
      reply: ({ method, path }) => fake.store.answer(asRead(method, path)),
    },
  );
  return fake;
}

const asRead = (method: string, path: string): FakeRequest => ({
  method,
  path,
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.alloc(0),
});

function connect(fake: FakeRegistry, credential: Credential): RegistryClient {
  const client = openRegistry({
    registry: fake.host,
    policy: fake.policy,
    ca: TEST_CA,
    credential,
    sleep: () => Promise.resolve(),
  });
  open.push(client);
  return client;
}

const posts = (fake: FakeRegistry) =>
  fake.requests.filter(({ method }) => method === 'POST');

describe('an identity token', () => {
  const credential: Credential = {
    method: 'identity_token',
    username: '',
    password: TOKEN,
  };

  it('is posted to the token server, and stands in no address', async () => {
    const fake = await start(() => 200);
    await connect(fake, credential).headManifest('acme/etl', '1');
    const [post] = posts(fake);
    expect(post?.query.toString()).toBe('');
    expect(post?.headers.authorization).toBeUndefined();
    const form = new URLSearchParams(post?.body.toString());
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'refresh_token',
      client_id: 'imageyard',
      service: 'fake',
      scope: 'repository:acme/etl:pull',
      refresh_token: TOKEN,
    });
    for (const { path, headers } of fake.requests) {
      expect(path).not.toContain(TOKEN);
      expect(JSON.stringify(headers)).not.toContain(TOKEN);
    }
  });

  it.each([400, 401, 404, 405])(
    'with a user name is tried as a password when the token server answers %i',
    async (status) => {
      const fake = await start(() => status);
      await connect(fake, { ...credential, username: 'robot' }).headManifest(
        'acme/etl',
        '1',
      );
      expect(posts(fake)).toHaveLength(1);
    },
  );

  it('without a user name is refused when the token server refuses it', async () => {
    const fake = await start(() => 401);
    await expect(
      connect(fake, credential).headManifest('acme/etl', '1'),
    ).rejects.toMatchObject({ code: 'REGISTRY_DENIED' });
    const tokens = fake.requests.filter(({ path }) => path === '/token');
    expect(tokens).toHaveLength(1);
  });

  it('goes to no token server that is not bound to the registry', async () => {
    const fake = await startFakeRegistry({
      mode: 'token',
      realm: 'https://tokens.example.net/token',
    });
    open.push(fake);
    await expect(
      connect(fake, credential).headManifest('acme/etl', '1'),
    ).rejects.toMatchObject({ code: 'REGISTRY_REALM_UNBOUND' });
  });

  it('without a user name is no password for a registry that asks for one', async () => {
    const fake = await startFakeRegistry({ mode: 'basic', users: {} });
    open.push(fake);
    await expect(
      connect(fake, credential).headManifest('acme/etl', '1'),
    ).rejects.toMatchObject({ code: 'REGISTRY_DENIED' });
    expect(JSON.stringify(fake.requests)).not.toContain(TOKEN);
  });
});

describe('a registry token', () => {
  const credential: Credential = {
    method: 'registry_token',
    username: '',
    password: 'bearer-1',
  };

  it('goes to the registry as it is, once asked for, and to no token server', async () => {
    const fake = await start(() => 500);
    const client = connect(fake, credential);
    await client.headManifest('acme/etl', '1');
    await client.listTags('acme/etl');
    expect(fake.requests.filter(({ path }) => path === '/token')).toEqual([]);
    expect(fake.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer bearer-1',
      'Bearer bearer-1',
    ]);
  });

  it('that the registry refuses is refused, not tried for ever', async () => {
    const fake = await start(() => 500);
    const client = connect(fake, { ...credential, password: 'bearer-2' });
    await expect(client.headManifest('acme/etl', '1')).rejects.toMatchObject({
      code: 'REGISTRY_DENIED',
    });
    expect(fake.requests.length).toBeLessThan(8);
  });
});

describe('the life of a bearer token', () => {
  const NOW = Date.parse('2026-01-01T00:00:00Z');

  /** Whether a token is used until a second before, and another one is asked for then. */
  async function expectLife(answer: object, seconds: number): Promise<void> {
    const fake = await startFakeRegistry({ mode: 'token' });
    open.push(fake);
    fake.store.seedImage('acme/etl', '1');
    fake.script(
      {
        when: 'GET /token',
        reply: { status: 200, body: JSON.stringify(answer) },
      },
      {
        when: ({ path, headers }) =>
          path.startsWith('/v2/') && headers.authorization === 'Bearer right',
        reply: ({ method, path }) => fake.store.answer(asRead(method, path)),
      },
    );
    let now = NOW;
    const client = openRegistry({
      registry: fake.host,
      policy: fake.policy,
      ca: TEST_CA,
      now: () => now,
    });
    open.push(client);
    const askedAt = async (second: number) => {
      now = NOW + second * 1000;
      await client.headManifest('acme/etl', '1');
      return fake.requests.filter(({ path }) => path === '/token').length;
    };
    expect(await askedAt(0)).toBe(1);
    expect(await askedAt(seconds - 1)).toBe(1);
    expect(await askedAt(seconds)).toBe(2);
  }

  it.each<[string, object, number]>([
    ['of a minute where nothing is said, as on Quay', {}, 54],
    ['of a minute where less is said', { expires_in: 5 }, 54],
    ['a tenth shorter than what is said', { expires_in: 300 }, 270],
    ['of a minute where it is no number', { expires_in: 'soon' }, 54],
    [
      'counted from when it was issued',
      { expires_in: 300, issued_at: '2025-12-31T23:59:00Z' },
      210,
    ],
    [
      'counted from now where it comes from the future',
      { expires_in: 300, issued_at: '2026-01-01T01:00:00Z' },
      270,
    ],
    [
      'counted from now where that cannot be read',
      { expires_in: 300, issued_at: 'yesterday' },
      270,
    ],
  ])('is %s', async (_, more, seconds) => {
    await expectLife({ token: 'right', ...more }, seconds);
  });

  it('is that of access_token where two are given', async () => {
    const both = { token: 'wrong', access_token: 'right', expires_in: 120 };
    await expectLife(both, 108);
  });
});
