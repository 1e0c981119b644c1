import { createServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  openRegistry,
  type RegistryClient,
  type RegistryClientOptions,
} from './client';
import { openEgress } from './egress';
import { RegistryError } from './errors';
import type { Exchange } from './evidence';
import { OCI_CONFIG, OCI_MANIFEST } from './media-types';
import {
  type FakeOptions,
  type FakeRegistry,
  onLoopback,
  startFakeRegistry,
  TEST_CA,
} from './testing/fake-registry';
import { failure } from './testing/fake-store';

const SECRET = 'canary-7d21';
const credential = { username: 'ci', password: SECRET };
const ENCODED = Buffer.from(`ci:${SECRET}`).toString('base64');

const open: { close: () => Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(options: FakeOptions = {}): Promise<FakeRegistry> {
  const fake = await startFakeRegistry({
    users: { ci: SECRET },
    hostname: 'registry.example.com',
    ...options,
  });
  fake.store.seedImage('acme/etl', '1');
  open.push(fake);
  return fake;
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
    resolve: onLoopback,
    credential,
    sleep: () => Promise.resolve(),
    ...options,
  });
  open.push(client);
  return client;
}

async function failureOf(promise: Promise<unknown>): Promise<RegistryError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof RegistryError) return error;
  throw new Error(`Expected a RegistryError, got ${String(error)}.`);
}

/** Everything that reached a server, as one text to search for the password. */
const received = (server: FakeRegistry) =>
  JSON.stringify(
    server.requests.map(({ headers, path, query, body }) => [
      headers,
      path,
      [...query],
      body.toString(),
    ]),
  );

function expectNoPassword(server: FakeRegistry): void {
  expect(received(server)).not.toContain(SECRET);
  expect(received(server)).not.toContain(ENCODED);
}

const redirect = (location: string, status = 307) => ({
  status,
  headers: { location },
});
const bearer = (realm: string) =>
  failure(401, 'UNAUTHORIZED', {
    'www-authenticate': `Bearer realm="${realm}",service="x"`,
  });

describe('a registry that redirects', () => {
  it.each([
    ['to loopback', 'https://127.0.0.1:PORT/x'],
    ['to loopback in decimal', 'https://2130706433:PORT/x'],
    ['to loopback in hexadecimal', 'https://0x7f.1:PORT/x'],
    ['to loopback in octal', 'https://0177.0.0.1:PORT/x'],
    ['to loopback by a short form', 'https://127.1:PORT/x'],
    ['to loopback as IPv6', 'https://[::1]:PORT/x'],
    ['to loopback as mapped IPv6', 'https://[::ffff:127.0.0.1]:PORT/x'],
    ['to loopback as NAT64', 'https://[64:ff9b::7f00:1]:PORT/x'],
    ['to loopback as 6to4', 'https://[2002:7f00:1::]:PORT/x'],
    [
      'to loopback as the old IPv4-compatible form',
      'https://[::7f00:1]:PORT/x',
    ],
    ['to loopback in full-width digits', 'https://１２７.0.0.1:PORT/x'],
    ['to the unspecified address', 'https://0:PORT/x'],
    ['to localhost', 'https://localhost:PORT/x'],
    [
      'to a name that resolves to loopback',
      'https://storage.example.org:PORT/x',
    ],
    ['to metadata', 'https://169.254.169.254/latest/meta-data'],
    ['to metadata over http', 'http://169.254.169.254/latest/meta-data'],
    ['to Azure’s platform address', 'https://168.63.129.16/'],
    ['to metadata as IPv6', 'https://[fd00:ec2::254]/'],
    ['to a low port', 'https://registry.example.com:22/x'],
    ['to another scheme', 'file:///etc/passwd'],
    ['to a URL with a password', 'https://a:b@registry.example.com:PORT/x'],
    ['from https to http', 'http://registry.example.com:PORT/x'],
    ['to the same host on http', 'http://localhost:PORT/x'],
  ])('%s is not followed', async (_, location) => {
    const forbidden = await start({ hostname: 'forbidden.example.org' });
    const fake = await start();
    const target = location.replace('PORT', String(forbidden.port));
    fake.script({
      when: 'GET /v2/acme/etl/manifests/1',
      // Node writes header text byte by byte.
      reply: redirect(Buffer.from(target, 'utf8').toString('latin1')),
    });
    const error = await failureOf(connect(fake).getManifest('acme/etl', '1'));
    expect(error.code).toBe('REGISTRY_BLOCKED');
    expect(forbidden.requests).toEqual([]);
  });

  it.each([
    ['on a manifest', 'GET /v2/acme/etl/manifests/1', 'manifest'],
    ['on a blob', 'HEAD /v2/acme/etl/blobs/*', 'blob'],
    ['on tags', 'GET /v2/acme/etl/tags/list', 'tags'],
  ])(
    'to another allowed origin gets no Authorization there, %s',
    async (_, when, what) => {
      const storage = await start({
        hostname: 'storage.example.org',
        script: [{ when: '*', reply: { status: 404 } }],
      });
      const fake = await start({ mode: 'basic' });
      fake.script({
        when: (request) =>
          new RegExp(`^${when.replace('*', '.*')}$`).test(
            `${request.method} ${request.path}`,
          ) && request.headers.authorization !== undefined,
        reply: redirect(`${storage.origin}/x`),
      });
      const client = connect(fake, {
        policy: { allow: [fake.allowance, storage.allowance] },
      });
      const call = {
        manifest: () => client.getManifest('acme/etl', '1'),
        blob: () => client.headBlob('acme/etl', `sha256:${'0'.repeat(64)}`),
        tags: () => client.listTags('acme/etl'),
      }[what];
      await failureOf(call?.() ?? Promise.resolve());
      expect(storage.requests.length).toBeGreaterThan(0);
      expect(
        storage.requests.map(({ headers }) => headers.authorization),
      ).toEqual(storage.requests.map(() => undefined));
      expectNoPassword(storage);
    },
  );

  it('away and back again gets no Authorization the second time', async () => {
    const storage = await start({ hostname: 'storage.example.org' });
    const fake = await start({ mode: 'basic' });
    storage.script({
      when: '*',
      reply: redirect(`${fake.origin}/v2/acme/etl/manifests/back`),
    });
    fake.script({
      when: ({ path, headers }) =>
        path.endsWith('/1') && headers.authorization !== undefined,
      reply: redirect(`${storage.origin}/x`),
    });
    await failureOf(
      connect(fake, {
        policy: { allow: [fake.allowance, storage.allowance] },
      }).getManifest('acme/etl', '1'),
    );
    const back = fake.requests.filter(({ path }) => path.endsWith('/back'));
    expect(back.length).toBeGreaterThan(0);
    expect(
      back.every(({ headers }) => headers.authorization === undefined),
    ).toBe(true);
  });

  it('from https to http is not followed, even where the owner allowed http', async () => {
    const plain = await start({ hostname: 'plain.example.org', tls: false });
    const fake = await start();
    fake.script({
      when: 'GET /v2/acme/etl/manifests/1',
      reply: redirect(`${plain.origin}/x`),
    });
    const policy = { allow: [fake.allowance, plain.allowance] };
    const error = await failureOf(
      connect(fake, { policy }).getManifest('acme/etl', '1'),
    );
    expect(error.facts.blocked).toBe('redirect');
    expect(plain.requests).toEqual([]);
  });

  it('for ever is left after five hops', async () => {
    const fake = await start();
    fake.script({
      when: 'GET *',
      reply: ({ path }) => redirect(`${path}x`, 302),
    });
    expect(
      (await failureOf(connect(fake).getManifest('acme/etl', '1'))).code,
    ).toBe('REGISTRY_INVALID_ANSWER');
    expect(fake.requests).toHaveLength(6);
  });

  it('a POST or PATCH is not followed, so an upload test cannot be turned elsewhere', async () => {
    const forbidden = await start({ hostname: 'forbidden.example.org' });
    const fake = await start({ mode: 'basic' });
    fake.script({
      when: ({ method }) => method === 'POST' || method === 'PATCH',
      reply: redirect(`${forbidden.origin}/x`),
    });
    await failureOf(
      connect(fake, {
        policy: { allow: [fake.allowance, forbidden.allowance] },
      }).checkPush('acme/etl', true),
    );
    expect(forbidden.requests).toEqual([]);
  });

  it('does not have the challenge of its redirect target answered', async () => {
    const evil = await start({
      hostname: 'evil.example.org',
      script: [
        {
          when: '*',
          reply: failure(401, 'X', { 'www-authenticate': 'Basic realm="x"' }),
        },
      ],
    });
    const fake = await start();
    fake.script({ when: 'GET *', reply: redirect(`${evil.origin}/v2/`) });
    await failureOf(
      connect(fake, {
        policy: { allow: [fake.allowance, evil.allowance] },
      }).getManifest('acme/etl', '1'),
    );
    expect(evil.requests).toHaveLength(1);
    expectNoPassword(evil);
  });

  it('from a public address cannot use what the owner allowed privately', async () => {
    const inner = await start({ hostname: 'inner.example.org' });
    const egress = openEgress({
      policy: { allow: [inner.allowance] },
      resolve: onLoopback,
      ca: TEST_CA,
    });
    open.push(egress);
    const url = new URL(`${inner.origin}/v2/`);
    expect((await egress.request({ url, method: 'GET' })).status).toBe(200);
    const error = await failureOf(
      egress.request({ url, method: 'GET', isPublicOnly: true }),
    );
    expect(error.facts.blocked).toBe('address');
    expect(inner.requests).toHaveLength(1);
  });
});

describe('a registry that names a token server', () => {
  it.each([
    [
      'on a foreign host',
      (evil: FakeRegistry) => `${evil.origin}/token`,
      'REGISTRY_REALM_UNBOUND',
    ],
    [
      'that only looks like its own',
      (evil: FakeRegistry) =>
        `https://registry.example.com.evil.example.org:${String(evil.port)}/token`,
      'REGISTRY_REALM_UNBOUND',
    ],
    [
      'by http',
      (evil: FakeRegistry) =>
        `http://registry.example.com:${String(evil.port)}/token`,
      'REGISTRY_BLOCKED',
    ],
    [
      'with user info',
      (evil: FakeRegistry) =>
        `https://registry.example.com@evil.example.org:${String(evil.port)}/token`,
      'REGISTRY_BLOCKED',
    ],
    [
      'on loopback',
      (evil: FakeRegistry) => `https://127.0.0.1:${String(evil.port)}/token`,
      'REGISTRY_REALM_UNBOUND',
    ],
    ['on metadata', () => 'http://169.254.169.254/latest/', 'REGISTRY_BLOCKED'],
    ['that is a file', () => 'file:///etc/passwd', 'REGISTRY_INVALID_ANSWER'],
    ['that is no URL', () => 'https://', 'REGISTRY_INVALID_ANSWER'],
    [
      'that is a protocol-relative foreign host',
      (evil: FakeRegistry) => `//evil.example.org:${String(evil.port)}/token`,
      'REGISTRY_REALM_UNBOUND',
    ],
  ])('%s gets no password there', async (_, realm, code) => {
    const evil = await start({ hostname: 'evil.example.org', mode: 'token' });
    const fake = await start();
    fake.script({ when: 'GET /v2/*', reply: bearer(realm(evil)) });
    const client = connect(fake, {
      policy: { allow: [fake.allowance, evil.allowance] },
    });
    const error = await failureOf(client.getManifest('acme/etl', '1'));
    expect(error.code).toBe(code);
    expect(evil.requests).toEqual([]);
    expectNoPassword(fake);
  });

  it('on its own site but at a private address gets nothing sent there', async () => {
    const inner = await start({ hostname: 'auth.example.com', mode: 'token' });
    const fake = await start();
    fake.script({ when: 'GET /v2/*', reply: bearer(`${inner.origin}/token`) });
    expect(
      (await failureOf(connect(fake).getManifest('acme/etl', '1'))).facts
        .blocked,
    ).toBe('address');
    expect(inner.requests).toEqual([]);
  });

  it('on a foreign host names it, so that the owner can be asked', async () => {
    const fake = await start();
    fake.script({
      when: 'GET /v2/*',
      reply: bearer('https://login.example.org/token?a=b'),
    });
    const error = await failureOf(connect(fake).getManifest('acme/etl', '1'));
    expect(error.facts.realmOrigin).toBe('https://login.example.org');
  });

  it('which the owner bound gets the password', async () => {
    const login = await start({ hostname: 'login.example.org', mode: 'token' });
    const fake = await start();
    fake.script({
      when: ({ path, headers }) =>
        path.startsWith('/v2/') && headers.authorization === undefined,
      reply: bearer(`${login.origin}/token`),
    });
    const client = connect(fake, {
      policy: { allow: [fake.allowance, login.allowance] },
      credential: { ...credential, boundRealms: [login.origin] },
    });
    expect((await client.getManifest('acme/etl', '1')).manifest.kind).toBe(
      'image',
    );
    expect(received(login)).toContain(ENCODED);
    expectNoPassword(fake);
  });

  it.each([301, 302, 303, 307, 308])(
    'that redirects with %i is not followed',
    async (status) => {
      const evil = await start({ hostname: 'evil.example.org' });
      const fake = await start({ mode: 'token' });
      fake.script({
        when: 'GET /token',
        reply: redirect(`${evil.origin}/latest/meta-data`, status),
      });
      const client = connect(fake, {
        policy: { allow: [fake.allowance, evil.allowance] },
      });
      const error = await failureOf(client.getManifest('acme/etl', '1'));
      expect(error.facts).toMatchObject({
        stage: 'token',
        misconfiguredAuth: true,
      });
      expect(evil.requests).toEqual([]);
    },
  );

  it('has its answer reflected nowhere', async () => {
    const fake = await start({ mode: 'token' });
    fake.script({
      when: 'GET /token',
      reply: { status: 200, body: 'ROOT-SECRET-FROM-METADATA' },
    });
    const exchanges: Exchange[] = [];
    const error = await failureOf(
      connect(fake, {
        onExchange: (one) => void exchanges.push(one),
      }).getManifest('acme/etl', '1'),
    );
    expect(
      JSON.stringify([error.message, error.facts, exchanges]),
    ).not.toContain('ROOT-SECRET');
  });
});

describe('a registry that points elsewhere in its answers', () => {
  it('by Link to another origin is not followed', async () => {
    const evil = await start({ hostname: 'evil.example.org' });
    const fake = await start({ mode: 'basic' });
    fake.script({
      when: ({ path, headers }) =>
        path.endsWith('/tags/list') && headers.authorization !== undefined,
      reply: {
        status: 200,
        headers: { link: `<${evil.origin}/v2/acme/etl/tags/list>; rel="next"` },
        body: '{"tags":["1"]}',
      },
    });
    const client = connect(fake, {
      policy: { allow: [fake.allowance, evil.allowance] },
    });
    expect((await failureOf(client.listTags('acme/etl'))).code).toBe(
      'REGISTRY_BLOCKED',
    );
    expect(evil.requests).toEqual([]);
  });

  it('by an upload Location on another origin has nothing cancelled there', async () => {
    const evil = await start({ hostname: 'evil.example.org' });
    const fake = await start({ mode: 'basic' });
    fake.script({ when: 'PATCH *', reply: { status: 400 } });
    fake.script({
      when: ({ method, headers }) =>
        method === 'POST' && headers.authorization !== undefined,
      reply: {
        status: 202,
        headers: { location: `${evil.origin}/v2/acme/etl/blobs/uploads/1` },
      },
    });
    const client = connect(fake, {
      policy: { allow: [fake.allowance, evil.allowance] },
    });
    expect(await client.checkPush('acme/etl', true)).toMatchObject({
      outcome: 'accepted',
      explanation: expect.stringContaining('could not cancel') as string,
    });
    expect(evil.requests).toEqual([]);
  });

  it('by the urls of a descriptor has them never fetched', async () => {
    const evil = await start({ hostname: 'evil.example.org' });
    const fake = await start();
    const config = fake.store.addBlob(
      'acme/etl',
      '{"os":"linux","architecture":"amd64"}',
    );
    const layer = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: config.digest,
      size: 1,
      urls: [`${evil.origin}/layer`],
    };
    fake.store.seedManifest('acme/etl', 'foreign', OCI_MANIFEST, {
      schemaVersion: 2,
      config: {
        mediaType: OCI_CONFIG,
        ...config,
        urls: [`${evil.origin}/config`],
      },
      layers: [layer],
    });
    const client = connect(fake, {
      policy: { allow: [fake.allowance, evil.allowance] },
    });
    const { manifest } = await client.getManifest('acme/etl', 'foreign');
    expect(manifest.kind).toBe('image');
    expect(JSON.stringify(manifest)).not.toContain('evil');
    await client.getBlob('acme/etl', config.digest);
    expect(evil.requests).toEqual([]);
  });
});

describe('DNS that lies', () => {
  it.each([
    ['to loopback', ['127.0.0.1']],
    ['to a public and a loopback address', ['93.184.216.34', '127.0.0.1']],
    ['to mapped loopback', ['::ffff:127.0.0.1']],
    ['to NAT64 loopback', ['64:ff9b::7f00:1']],
    ['to metadata', ['169.254.169.254']],
    ['to nothing', []],
  ])('%s reaches no one', async (_, addresses) => {
    const forbidden = await start();
    const client = connect(forbidden, {
      policy: { allow: [] },
      resolve: () => Promise.resolve(addresses),
    });
    const error = await failureOf(client.getManifest('acme/etl', '1'));
    expect(error.code).toBe('REGISTRY_BLOCKED');
    expect(error.message).toBe(
      `Requests to ${forbidden.host} are not allowed from this server.`,
    );
    expect(forbidden.requests).toEqual([]);
  });

  it('differently the second time is judged the second time', async () => {
    const fake = await start();
    const answers = [
      ['127.0.0.1'],
      ['10.0.0.1'],
      ['169.254.169.254'],
      ['93.184.216.34', '127.0.0.9'],
    ];
    let asked = 0;
    fake.script({
      when: '*',
      reply: { status: 200, headers: { connection: 'close' }, body: '{}' },
    });
    const client = connect(fake, {
      resolve: () => Promise.resolve(answers[asked++] ?? []),
    });
    await client.ping();
    for (let round = 0; round < 3; round += 1) {
      expect((await failureOf(client.ping())).code).toBe('REGISTRY_BLOCKED');
    }
    expect(fake.requests).toHaveLength(1);
    expect(asked).toBe(4);
  });

  it('is asked once per connection, and what it said is what is connected to', async () => {
    const fake = await start();
    let asked = 0;
    const client = connect(fake, {
      resolve: () =>
        Promise.resolve((asked += 1) === 1 ? ['127.0.0.1'] : ['10.0.0.1']),
    });
    await client.getManifest('acme/etl', '1');
    expect(asked).toBe(1);
  });
});

describe('a server that answers too much or too slowly', () => {
  it.each([
    [
      'a manifest above 4 MiB',
      'GET /v2/acme/etl/manifests/1',
      (client: RegistryClient) => client.getManifest('acme/etl', '1'),
    ],
    [
      'a config above its limit',
      'GET /v2/acme/etl/blobs/*',
      (client: RegistryClient) =>
        client.getBlob('acme/etl', `sha256:${'0'.repeat(64)}`),
    ],
    [
      'a token above 64 KiB',
      'GET /token',
      (client: RegistryClient) => client.getManifest('acme/etl', '1'),
    ],
  ])('by %s is cut off', async (_, when, call) => {
    const fake = await start({
      mode: when.includes('token') ? 'token' : 'open',
    });
    fake.script({
      when,
      reply: { status: 200, body: Buffer.alloc(5 * 1024 * 1024, 0x20) },
    });
    const error = await failureOf(call(connect(fake)));
    expect(error).toMatchObject({
      code: 'REGISTRY_INVALID_ANSWER',
      message: expect.stringContaining('KiB') as string,
    });
  });

  it('by a gzip bomb has it counted as it came, not unpacked', async () => {
    const fake = await start();
    const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));
    fake.script({
      when: 'GET *',
      reply: {
        status: 200,
        headers: { 'content-encoding': 'gzip', 'content-type': OCI_MANIFEST },
        body: bomb,
      },
    });
    const fetched = await connect(fake).getManifest('acme/etl', '1');
    expect(fetched.bytes.length).toBe(bomb.length);
    expect(fetched.manifest.kind).toBe('invalid');
  });

  it.each([
    ['never answers', { status: 200, fault: 'hang' }],
    ['sends a byte now and then for ever', { status: 200, fault: 'drip' }],
    ['cuts the connection', { status: 200, fault: 'reset' }],
  ] as const)(
    'that %s is given up, in the same words as a closed port',
    async (_, reply) => {
      const fake = await start();
      fake.script({ when: '*', reply });
      const error = await failureOf(
        connect(fake, { limits: { headersMs: 300, totalMs: 400 } }).getManifest(
          'acme/etl',
          '1',
        ),
      );
      expect(error.code).toBe('REGISTRY_UNREACHABLE');
      expect(error.message).toBe(
        `${fake.host} cannot be reached from this server.`,
      );
    },
  );

  it('that is not there gives those very words, and no duration', async () => {
    const fake = await start();
    await fake.close();
    open.splice(open.indexOf(fake), 1);
    const exchanges: Exchange[] = [];
    const error = await failureOf(
      connect(fake, {
        onExchange: (one) => void exchanges.push(one),
      }).getManifest('acme/etl', '1'),
    );
    expect(error.message).toBe(
      `${fake.host} cannot be reached from this server.`,
    );
    expect(
      exchanges.map(({ durationMs, addressClass }) => [
        durationMs,
        addressClass,
      ]),
    ).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  it('that does not speak HTTP is not believed', async () => {
    const odd: Server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('SSH-2.0-OpenSSH_9.2\r\n', () => socket.destroy());
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => odd.close(resolve)) });
    const { port } = odd.address() as { port: number };
    const allowance = {
      host: 'localhost',
      port,
      scheme: 'http' as const,
      cidrs: ['127.0.0.1/32'],
    };
    const client = openRegistry({
      registry: `localhost:${String(port)}`,
      plainHttp: true,
      policy: { allow: [allowance] },
      resolve: onLoopback,
    });
    open.push(client);
    expect(['REGISTRY_INVALID_ANSWER', 'REGISTRY_UNREACHABLE']).toContain(
      (await failureOf(client.ping())).code,
    );
  });
});

describe('a server whose certificate is not right', () => {
  it.each([
    ['signed by nobody known', {}, { ca: undefined }, 'untrusted'],
    ['expired', { tls: 'expired' }, {}, 'expired'],
    [
      'made for another name',
      { hostname: 'registry.wrong.test' },
      {},
      'wrong_name',
    ],
  ] as const)(
    'because it is %s gets no password',
    async (_, options, client, tlsFault) => {
      const fake = await start({ mode: 'basic', ...options });
      const { ca, ...rest } = { ca: TEST_CA as string | undefined, ...client };
      const registry = openRegistry({
        registry: fake.host,
        policy: fake.policy,
        resolve: onLoopback,
        credential,
        ...(ca === undefined ? {} : { ca }),
        ...rest,
      });
      open.push(registry);
      const error = await failureOf(registry.getManifest('acme/etl', '1'));
      expect(error.code).toBe('REGISTRY_TLS');
      expect(error.facts.tlsFault).toBe(tlsFault);
      expect(fake.requests).toEqual([]);
    },
  );

  it('because it speaks http there is told so, and gets nothing', async () => {
    const fake = await start({ tls: false });
    const allowance = { ...fake.allowance, scheme: 'https' as const };
    const client = connect(fake, {
      plainHttp: false,
      policy: { allow: [allowance] },
    });
    const error = await failureOf(client.getManifest('acme/etl', '1'));
    expect(error).toMatchObject({
      code: 'REGISTRY_TLS',
      facts: { tlsFault: 'not_tls' },
    });
    expect(fake.requests).toEqual([]);
  });

  it('can be read without checking it, but never with a credential', async () => {
    const fake = await start();
    const egress = openEgress({
      policy: fake.policy,
      resolve: onLoopback,
      verifyTls: false,
    });
    open.push(egress);
    const url = new URL(`${fake.origin}/v2/`);
    expect((await egress.request({ url, method: 'GET' })).status).toBe(200);
    await expect(
      egress.request({
        url,
        method: 'GET',
        headers: { authorization: `Basic ${ENCODED}` },
      }),
    ).rejects.toThrow('verified');
    expectNoPassword(fake);
  });

  it('does not become trusted by an environment variable', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const fake = await start();
      const client = openRegistry({
        registry: fake.host,
        policy: fake.policy,
        resolve: onLoopback,
      });
      open.push(client);
      expect((await failureOf(client.ping())).code).toBe('REGISTRY_TLS');
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });
});

describe('the environment', () => {
  it('cannot send requests through a proxy', async () => {
    const proxy = await start({ tls: false, hostname: 'localhost' });
    const names = [
      'HTTPS_PROXY',
      'https_proxy',
      'HTTP_PROXY',
      'http_proxy',
      'ALL_PROXY',
    ];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = proxy.origin;
    try {
      const fake = await start();
      await connect(fake).getManifest('acme/etl', '1');
      expect(proxy.requests).toEqual([]);
    } finally {
      names.forEach((name, at) => {
        if (before[at] === undefined) delete process.env[name];
        else process.env[name] = before[at];
      });
    }
  });
});
