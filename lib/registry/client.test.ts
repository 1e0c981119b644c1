import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openRegistry,
  type RegistryClient,
  type RegistryClientOptions,
} from './client';
import { RegistryError } from './errors';
import type { Exchange } from './evidence';
import {
  type FakeOptions,
  type FakeRegistry,
  startFakeRegistry,
  TEST_CA,
} from './testing/fake-registry';
import { failure, type SeededImage } from './testing/fake-store';

const SECRET = 'canary-3f9a';
const users = { ci: SECRET };
const credential = { username: 'ci', password: SECRET };

const open: { close: () => Promise<void> }[] = [];
let slept: number[] = [];
let exchanges: Exchange[] = [];

beforeEach(() => {
  slept = [];
  exchanges = [];
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(
  options: FakeOptions = {},
): Promise<{ fake: FakeRegistry; image: SeededImage }> {
  const fake = await startFakeRegistry({ users, ...options });
  open.push(fake);
  return { fake, image: fake.store.seedImage('acme/etl', '1') };
}

function connect(
  fake: FakeRegistry,
  options: Partial<RegistryClientOptions> = {},
): RegistryClient {
  const client = openRegistry({
    registry: fake.host,
    plainHttp: fake.origin.startsWith('http:'),
    policy: fake.policy,
    ca: TEST_CA,
    isCaFor: () => true,
    random: () => 0.5,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    onExchange: (exchange) => void exchanges.push(exchange),
    ...options,
  });
  open.push(client);
  return client;
}

const lines = (fake: FakeRegistry) =>
  fake.requests.map(({ method, path }) => `${method} ${path}`);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof RegistryError ? error.code : error),
  );

describe('reading', () => {
  it.each([
    ['open over TLS', {}, {}],
    ['open over http', { tls: false }, {}],
    [
      'public behind a token server',
      { mode: 'token', isPublic: () => true },
      {},
    ],
    ['with a password', { mode: 'basic' }, { credential }],
    ['with a token for a password', { mode: 'token' }, { credential }],
  ] as const)('works on a registry that is %s', async (_, mode, options) => {
    const { fake, image } = await start(mode);
    const client = connect(fake, options);
    const head = await client.headManifest('acme/etl', '1');
    expect(head.digest).toBe(image.digest);
    const { manifest, bytes } = await client.getManifest(
      'acme/etl',
      image.digest,
    );
    expect(manifest.kind).toBe('image');
    expect(bytes.length).toBe(head.sizeBytes);
    expect(
      (await client.getBlob('acme/etl', image.config)).toString(),
    ).toContain('amd64');
    expect(
      (await client.headBlob('acme/etl', image.layers[0] ?? '')).sizeBytes,
    ).toBe(9);
    expect(await client.listTags('acme/etl')).toEqual({
      tags: ['1'],
      isComplete: true,
    });
  });

  it.each([
    ['open', { mode: 'open' }, 'none'],
    ['behind a password', { mode: 'basic' }, 'basic'],
    ['behind a token server', { mode: 'token' }, 'bearer'],
    [
      'whose token server wants a scope',
      {
        mode: 'token',
        script: [{ when: 'GET /token', reply: { status: 400 } }],
      },
      'bearer',
    ],
  ] as const)(
    'knows a registry that is %s without a credential',
    async (_, options, auth) => {
      const { fake } = await start({
        ...options,
        script: 'script' in options ? [...options.script] : [],
      });
      expect(await connect(fake).ping()).toEqual({ auth });
    },
  );

  it.each([
    ['a page', { status: 200, body: '<html>' }, 'REGISTRY_INVALID_ANSWER'],
    ['true', { status: 200, body: 'true' }, 'no error'],
    ['nothing', { status: 200 }, 'no error'],
    ['404', { status: 404, body: '<html>' }, 'REGISTRY_INVALID_ANSWER'],
    ['401 without a challenge', { status: 401 }, 'REGISTRY_INVALID_ANSWER'],
  ])('judges a host that answers /v2/ with %s', async (_, reply, code) => {
    const { fake } = await start({ script: [{ when: '*', reply }] });
    expect(await codeOf(connect(fake).ping())).toBe(code);
  });

  it('asks for all four manifest types and no compression', async () => {
    const { fake } = await start();
    await connect(fake).headManifest('acme/etl', '1');
    const headers = fake.requests[0]?.headers;
    expect(headers?.accept?.split(', ')).toHaveLength(5);
    expect(headers?.['accept-encoding']).toBe('identity');
    expect(headers?.authorization).toBeUndefined();
  });

  it('makes up for a missing digest header and for a HEAD that says 404', async () => {
    const { fake, image } = await start();
    fake.script({
      when: 'HEAD /v2/acme/etl/manifests/*',
      reply: { status: 404 },
    });
    expect((await connect(fake).headManifest('acme/etl', '1')).digest).toBe(
      image.digest,
    );
  });

  it.each([
    [
      'a manifest by tag with another digest header',
      'GET /v2/acme/etl/manifests/1',
      'tag',
    ],
    [
      'a manifest by digest with other bytes',
      'GET /v2/acme/etl/manifests/sha256*',
      'digest',
    ],
    ['a blob with other bytes', 'GET /v2/acme/etl/blobs/*', 'blob'],
  ])('refuses %s', async (_, when, what) => {
    const { fake, image } = await start();
    const other = `sha256:${'0'.repeat(64)}`;
    fake.script({
      when,
      reply: {
        status: 200,
        headers: { 'docker-content-digest': other },
        body: '{"evil":true}',
      },
    });
    const client = connect(fake);
    const read = {
      tag: () => client.getManifest('acme/etl', '1'),
      digest: () => client.getManifest('acme/etl', image.digest),
      blob: () => client.getBlob('acme/etl', image.config),
    }[what];
    expect(await codeOf(read?.() ?? Promise.resolve())).toBe(
      'REGISTRY_INVALID_ANSWER',
    );
  });

  it.each([
    [401, 'REGISTRY_DENIED'],
    [403, 'REGISTRY_DENIED'],
    [404, 'REGISTRY_NOT_FOUND'],
    [429, 'REGISTRY_RATE_LIMITED'],
    [503, 'REGISTRY_UNREACHABLE'],
    [418, 'REGISTRY_INVALID_ANSWER'],
  ])('turns status %i into %s', async (status, code) => {
    const { fake } = await start({
      script: [{ when: '* /v2/acme/*', reply: failure(status, 'SOME_CODE') }],
    });
    expect(await codeOf(connect(fake).getManifest('acme/etl', '1'))).toBe(code);
  });

  it('follows pages of tags as the registry links them', async () => {
    const { fake } = await start();
    for (let tag = 2; tag <= 7; tag += 1)
      fake.store.seedImage('acme/etl', String(tag));
    const all = await startFakeRegistry();
    open.push(all);
    fake.script({
      when: ({ path, query }) =>
        path.endsWith('/tags/list') && query.get('n') === '1000',
      reply: {
        status: 302,
        headers: { location: '/v2/acme/etl/tags/list?n=3' },
      },
    });
    expect(await connect(fake).listTags('acme/etl')).toEqual({
      tags: ['1', '2', '3', '4', '5', '6', '7'],
      isComplete: true,
    });
  });

  it('stops when pages of tags go round in a circle', async () => {
    const { fake } = await start({
      script: [
        {
          when: 'GET /v2/acme/etl/tags/list',
          reply: {
            status: 200,
            headers: { link: '</v2/acme/etl/tags/list?page=2>; rel="next"' },
            body: '{"tags":["a"]}',
          },
        },
      ],
    });
    expect(await connect(fake).listTags('acme/etl')).toEqual({
      tags: ['a'],
      isComplete: false,
    });
    expect(fake.requests.length).toBeLessThan(4);
  });

  it('asks storage that refuses HEAD for one byte', async () => {
    const { fake, image } = await start();
    const storage = await startFakeRegistry({
      hostname: 'storage.example.org',
      script: [
        { when: 'HEAD *', reply: { status: 403 } },
        { when: 'GET *', reply: { status: 206, body: 'l' } },
      ],
    });
    open.push(storage);
    fake.script({
      when: '* /v2/acme/etl/blobs/*',
      reply: {
        status: 307,
        headers: { location: `${storage.origin}/signed?key=x` },
      },
    });
    const client = connect(fake, {
      policy: { allow: [fake.allowance, storage.allowance] },
      resolve: () => Promise.resolve(['127.0.0.1']),
    });
    await client.headBlob('acme/etl', image.layers[0] ?? '');
    expect(lines(storage)).toEqual(['HEAD /signed', 'GET /signed']);
    expect(storage.requests[1]?.headers.range).toBe('bytes=0-0');
    expect(JSON.stringify(exchanges)).not.toContain('key=x');
  });
});

describe('tokens', () => {
  it('are asked for once and used again', async () => {
    const { fake, image } = await start({ mode: 'token' });
    const client = connect(fake, { credential });
    await client.headManifest('acme/etl', '1');
    await Promise.all(
      image.layers.map((layer) => client.headBlob('acme/etl', layer)),
    );
    expect(lines(fake).filter((line) => line === 'GET /token')).toHaveLength(1);
    const token = fake.requests.find(({ path }) => path === '/token');
    expect(token?.query.getAll('scope')).toEqual(['repository:acme/etl:pull']);
    expect(token?.query.get('service')).toBe('fake');
  });

  it('of an anonymous client and of a credential are apart', async () => {
    const { fake } = await start({ mode: 'token' });
    const authenticated = connect(fake, { credential });
    const anonymous = connect(fake);
    await authenticated.headManifest('acme/etl', '1');
    expect(await codeOf(anonymous.headManifest('acme/etl', '1'))).toBe(
      'REGISTRY_DENIED',
    );
  });

  it('that went stale are replaced without troubling anyone', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:00Z');
    const { fake } = await start({ mode: 'token' });
    const client = connect(fake, { credential, now: () => nowMs });
    await client.headManifest('acme/etl', '1');
    nowMs += 61_000;
    await client.headManifest('acme/etl', '1');
    expect(lines(fake).filter((line) => line === 'GET /token')).toHaveLength(2);
  });

  it('that ECR Public answers with a bare 400 are dropped', async () => {
    const { fake } = await start({ mode: 'token' });
    const client = connect(fake, { credential });
    await client.headManifest('acme/etl', '1');
    fake.script({ when: 'HEAD /v2/*', reply: { status: 400 }, times: 1 });
    expect((await client.headManifest('acme/etl', '1')).digest).toMatch(
      /^sha256:/,
    );
  });

  it('are asked for by the challenge at /v2/ when the refusal has none, as old gcr.io did', async () => {
    const { fake } = await start({ mode: 'token' });
    fake.script({
      when: ({ path, headers }) =>
        path.startsWith('/v2/acme') && headers.authorization === undefined,
      reply: { status: 401 },
    });
    await connect(fake, { credential }).headManifest('acme/etl', '1');
    expect(lines(fake)).toContain('GET /v2/');
  });

  it('are asked for again with a larger scope when that is demanded', async () => {
    const { fake } = await start({ mode: 'token' });
    const challenge = (scope: string) =>
      failure(401, 'DENIED', {
        'www-authenticate': `Bearer realm="/token",scope="${scope}",error="insufficient_scope"`,
      });
    fake.script(
      {
        when: 'GET /v2/acme/etl/manifests/1',
        reply: challenge('repository:acme/etl:pull'),
        times: 1,
      },
      {
        when: 'GET /v2/acme/etl/manifests/1',
        reply: challenge('repository:acme/base:pull'),
        times: 1,
      },
    );
    await connect(fake, { credential }).getManifest('acme/etl', '1');
    expect(
      fake.requests
        .filter(({ path }) => path === '/token')
        .map(({ query }) => query.getAll('scope')),
    ).toEqual([
      ['repository:acme/etl:pull'],
      ['repository:acme/base:pull', 'repository:acme/etl:pull'],
    ]);
  });

  it('are not asked for a third time', async () => {
    const { fake } = await start({ mode: 'token' });
    let scope = 0;
    fake.script({
      when: 'GET /v2/acme/*',
      reply: () =>
        failure(401, 'DENIED', {
          'www-authenticate': `Bearer realm="/token",scope="repository:x/${String((scope += 1))}:pull"`,
        }),
    });
    expect(
      await codeOf(connect(fake, { credential }).getManifest('acme/etl', '1')),
    ).toBe('REGISTRY_DENIED');
    expect(lines(fake).filter((line) => line === 'GET /token')).toHaveLength(2);
  });

  it.each([
    ['401', { status: 401 }, 'REGISTRY_DENIED'],
    ['403 (GHCR, GitLab)', { status: 403 }, 'REGISTRY_DENIED'],
    [
      '429',
      { status: 429, headers: { 'retry-after': '120' } },
      'REGISTRY_RATE_LIMITED',
    ],
    ['500', { status: 500 }, 'REGISTRY_UNREACHABLE'],
    ['a page of HTML', { status: 200, body: '<html>' }, 'REGISTRY_UNREACHABLE'],
    ['no token', { status: 200, body: '{}' }, 'REGISTRY_INVALID_ANSWER'],
    [
      'a token that breaks headers',
      { status: 200, body: '{"token":"a\\r\\nx-evil: 1"}' },
      'REGISTRY_INVALID_ANSWER',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: '/token2' } },
      'REGISTRY_INVALID_ANSWER',
    ],
  ])(
    'that end in %s end in an error at the token stage',
    async (_, reply, code) => {
      const { fake } = await start({ mode: 'token' });
      fake.script({ when: 'GET /token', reply });
      const client = connect(fake, { credential });
      await expect(client.headManifest('acme/etl', '1')).rejects.toMatchObject({
        code,
        facts: { stage: 'token' },
      });
      expect(lines(fake)).not.toContain('GET /token2');
    },
  );

  it('prefer bearer when Forgejo offers both in one line', async () => {
    const { fake } = await start({ mode: 'token' });
    fake.script({
      when: ({ path, headers }) =>
        path.startsWith('/v2/acme') && headers.authorization === undefined,
      reply: {
        status: 401,
        headers: {
          'www-authenticate':
            'Bearer realm="/token",scope="*",Basic realm="/v2",scope="*"',
        },
      },
    });
    await connect(fake, { credential }).headManifest('acme/etl', '1');
    expect(
      fake.requests
        .find(({ path }) => path === '/token')
        ?.query.getAll('scope'),
    ).toEqual(['*', 'repository:acme/etl:pull']);
  });
});

describe('retries', () => {
  it('try a GET three times, each wait at most twice the last', async () => {
    const { fake } = await start({
      script: [{ when: 'HEAD *', reply: { status: 503 }, times: 2 }],
    });
    await connect(fake).headManifest('acme/etl', '1');
    expect(slept).toEqual([250, 500]);
  });

  it.each([408, 429, 500, 502, 503, 504])('come after a %i', async (status) => {
    const { fake } = await start({
      script: [{ when: 'HEAD *', reply: { status }, times: 1 }],
    });
    await connect(fake).headManifest('acme/etl', '1');
    expect(slept).toEqual([250]);
  });

  it.each([400, 403, 404, 501])('do not come after a %i', async (status) => {
    const { fake } = await start({
      script: [{ when: '* /v2/*', reply: { status } }],
    });
    expect(await codeOf(connect(fake).getManifest('acme/etl', '1'))).not.toBe(
      'no error',
    );
    expect(slept).toEqual([]);
  });

  it('wait as long as Retry-After says, if that is short', async () => {
    const { fake } = await start({
      script: [
        {
          when: 'HEAD *',
          reply: { status: 429, headers: { 'retry-after': '3' } },
          times: 1,
        },
      ],
    });
    await connect(fake).headManifest('acme/etl', '1');
    expect(slept).toEqual([3000]);
  });

  it.each([
    [
      'lines that end in a bare LF, as Docker Hub’s proxy once sent',
      'HTTP/1.1 429 Too Many Requests\nContent-Length: 17\n\nToo Many Requests',
    ],
    ['no HTTP at all', 'Too Many Requests\n'],
  ])('end in words of ours for %s', async (_, text) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(text));
    });
    await new Promise<void>((resolve) =>
      server.listen(0, '127.0.0.1', resolve),
    );
    open.push({
      close: () => new Promise((resolve) => server.close(() => resolve())),
    });
    const { port } = server.address() as AddressInfo;
    const client = openRegistry({
      registry: `localhost:${String(port)}`,
      plainHttp: true,
      policy: {
        allow: [
          {
            host: 'localhost',
            port,
            scheme: 'http',
            cidrs: ['127.0.0.1/32', '::1/128'],
          },
        ],
      },
      sleep: () => Promise.resolve(),
    });
    open.push(client);
    const error: unknown = await client
      .headManifest('acme/etl', '1')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'REGISTRY_INVALID_ANSWER' });
    expect((error as Error).message).not.toContain('Too Many');
  });

  it('stop and say when to come back, if it is long', async () => {
    const { fake } = await start({
      script: [
        {
          when: '* /v2/acme/*',
          reply: { status: 429, headers: { 'retry-after': '3600' } },
        },
      ],
    });
    const client = connect(fake, {
      now: () => Date.parse('2026-01-01T00:00:00Z'),
    });
    await expect(client.getManifest('acme/etl', '1')).rejects.toMatchObject({
      code: 'REGISTRY_RATE_LIMITED',
      facts: { retryAt: '2026-01-01T01:00:00.000Z' },
    });
    expect(slept).toEqual([]);
  });

  it('try a cut connection again, but nothing that writes', async () => {
    const { fake } = await start({
      script: [{ when: '*', reply: { status: 200, fault: 'reset' } }],
    });
    const client = connect(fake);
    expect(await codeOf(client.headManifest('acme/etl', '1'))).toBe(
      'REGISTRY_UNREACHABLE',
    );
    const before = fake.requests.length;
    expect(await codeOf(client.checkPush('acme/etl', true))).toBe(
      'REGISTRY_UNREACHABLE',
    );
    expect(fake.requests.length - before).toBe(1);
  });
});

describe('testing a credential', () => {
  const wrong = { username: 'ci', password: 'wrong' };

  it.each([
    ['open', credential, 'not_needed', 'not_needed'],
    ['basic', credential, 'accepted', 'accepted'],
    ['basic', wrong, 'refused', 'refused'],
    ['token', credential, 'accepted', 'accepted'],
    ['token', wrong, 'refused', 'refused'],
  ] as const)(
    'on a registry that is %s with %o says pull %s, push %s',
    async (mode, given, pull, push) => {
      const { fake } = await start({ mode });
      const client = connect(fake, { credential: given });
      expect((await client.checkPull('acme/etl')).outcome).toBe(pull);
      expect((await client.checkPull(null)).outcome).toBe(pull);
      expect((await client.checkPush('acme/etl', true)).outcome).toBe(push);
    },
  );

  it('makes nothing: no upload, tag or repository', async () => {
    const { fake } = await start({ mode: 'token' });
    const check = await connect(fake, { credential }).checkPush(
      'acme/new',
      false,
    );
    expect(check.outcome).toBe('accepted');
    expect([...fake.store.repositories.keys()]).toEqual(['acme/etl']);
    expect(lines(fake).filter((line) => /^(POST|PUT)/.test(line))).toEqual([]);
    expect(check.exchanges.map(({ purpose }) => purpose)).toEqual([
      'upload',
      'token',
      'upload',
    ]);
  });

  it.each([400, 404, 405, 403])(
    'opens an upload and cancels it where the answer about one that is not there is %i and says nothing',
    async (status) => {
      const { fake } = await start({ mode: 'basic' });
      fake.script({
        when: ({ method, headers }) =>
          method === 'PATCH' && headers.authorization !== undefined,
        reply: { status, body: '<html>' },
      });
      const check = await connect(fake, { credential }).checkPush(
        'acme/etl',
        true,
      );
      expect(check.outcome).toBe('accepted');
      expect(fake.store.repositories.get('acme/etl')?.uploads.size).toBe(0);
      expect(lines(fake).at(-1)).toMatch(
        /^DELETE \/v2\/acme\/etl\/blobs\/uploads\//,
      );
    },
  );

  it('tells a credential that may only read from a wrong one', async () => {
    const { fake } = await start({ mode: 'token' });
    fake.script({
      when: '* /v2/acme/etl/blobs/uploads/*',
      reply: failure(403, 'DENIED'),
    });
    const check = await connect(fake, { credential }).checkPush(
      'acme/etl',
      true,
    );
    expect(check).toMatchObject({
      outcome: 'no_access',
      explanation: expect.stringContaining('does not let it push') as string,
    });
  });

  it('understands a token server that refuses what is not allowed, as GHCR does', async () => {
    const { fake } = await start({ mode: 'token' });
    fake.script({
      when: ({ path, query }) =>
        path === '/token' && query.getAll('scope').join().includes('push'),
      reply: { status: 403 },
    });
    expect(
      (await connect(fake, { credential }).checkPush('acme/etl', true)).outcome,
    ).toBe('no_access');
  });

  it('understands a token server that gives nothing for no scope, as Quay does', async () => {
    const { fake } = await start({ mode: 'token' });
    fake.script({
      when: ({ path, query }) => path === '/token' && !query.has('scope'),
      reply: { status: 400 },
    });
    expect(
      (await connect(fake, { credential }).checkPull('acme/etl')).outcome,
    ).toBe('accepted');
  });

  it('says that a repository must exist first where that is so, as on ECR', async () => {
    const { fake } = await start({ mode: 'basic' });
    fake.script({
      when: '* /v2/acme/new/blobs/uploads/*',
      reply: failure(404, 'NAME_UNKNOWN'),
    });
    expect(
      await connect(fake, { credential }).checkPush('acme/new', false),
    ).toMatchObject({
      outcome: 'unknown',
      explanation: expect.stringContaining('created before') as string,
    });
  });

  it('accepts for pulling when the repository is not there yet', async () => {
    const { fake } = await start({ mode: 'basic' });
    expect(
      (await connect(fake, { credential }).checkPull('acme/new')).outcome,
    ).toBe('accepted');
  });

  it('asks nothing of Quay about a repository that may not exist', async () => {
    const client = openRegistry({
      registry: 'quay.io',
      policy: { allow: [] },
      credential,
      resolve: () => Promise.reject(new Error('asked')),
    });
    open.push(client);
    expect(await client.checkPush('acme/new', false)).toMatchObject({
      outcome: 'unknown',
      exchanges: [],
    });
  });

  it('sends a wrong password once per check, so as not to lock the account', async () => {
    const { fake } = await start({ mode: 'basic' });
    await connect(fake, { credential: wrong }).checkPull('acme/etl');
    expect(
      fake.requests.filter(({ headers }) => headers.authorization),
    ).toHaveLength(1);
  });

  it('says so when the host is no registry', async () => {
    const { fake } = await start({
      script: [{ when: '*', reply: { status: 404, body: '<html>' } }],
    });
    expect(await codeOf(connect(fake, { credential }).checkPull(null))).toBe(
      'REGISTRY_INVALID_ANSWER',
    );
  });
});

describe('evidence', () => {
  it('holds neither the password nor a token, raw or encoded', async () => {
    const { fake } = await start({ mode: 'token' });
    const client = connect(fake, { credential });
    await client.headManifest('acme/etl', '1');
    await client.checkPush('acme/etl', true);
    const kept = JSON.stringify(exchanges);
    const sent = fake.requests.flatMap(
      ({ headers }) => headers.authorization ?? [],
    );
    expect(sent.length).toBeGreaterThan(2);
    for (const value of [
      SECRET,
      ...sent.map((text) => text.split(' ')[1] ?? ''),
    ])
      expect(kept).not.toContain(value);
    expect(kept).toContain('repository:acme/etl:pull');
  });
});
