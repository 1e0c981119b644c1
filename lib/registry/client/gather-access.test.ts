import { afterEach, describe, expect, it } from 'vitest';
import { judgeAccess } from '@/lib/registry/access';
import { AccessEvidence } from '@/lib/registry/access-evidence';
import {
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
} from '@/lib/registry/media-types';
import {
  type FakeOptions,
  type FakeRegistry,
  type FakeRule,
  onLoopback,
  startFakeRegistry,
  TEST_CA,
} from '@/lib/registry/testing/fake-registry';
import {
  failure,
  type FakeStore,
  type SeededImage,
} from '@/lib/registry/testing/fake-store';
import { gatherAccess, type GatherOptions } from './gather-access';
import { openShare } from './session';

const SECRET = 'canary-51cd';
const credential = { username: 'ci', password: SECRET };
const users = { ci: SECRET };

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(
  options: FakeOptions = {},
): Promise<{ fake: FakeRegistry; image: SeededImage }> {
  const fake = await startFakeRegistry({
    users,
    hostname: 'registry.example.com',
    ...options,
  });
  open.push(fake);
  return { fake, image: fake.store.seedImage('acme/etl', '1') };
}

function look(
  fake: FakeRegistry,
  more: Partial<GatherOptions> = {},
): Promise<AccessEvidence> {
  return gatherAccess({
    reference: `${fake.host}/acme/etl:1`,
    platform: 'linux/amd64',
    vantage: 'server',
    plainHttp: fake.origin.startsWith('http:'),
    policy: fake.policy,
    ...(fake.origin.startsWith('http:') ? {} : { ca: TEST_CA }),
    isCaFor: () => true,
    resolve: onLoopback,
    sleep: () => Promise.resolve(),
    ...more,
  });
}

const untrusted = (fake: FakeRegistry): Promise<AccessEvidence> => {
  const { host, policy } = fake;
  return gatherAccess({
    reference: `${host}/acme/etl:1`,
    platform: 'linux/amd64',
    vantage: 'server',
    policy,
    resolve: onLoopback,
    credential,
  });
};

const isPublic = (repository: string) => repository === 'acme/etl';
const html = {
  status: 404,
  headers: { 'content-type': 'text/html' },
  body: '<html>',
};
const manifests = 'acme/etl/manifests';
type Look = (fake: FakeRegistry) => Promise<AccessEvidence>;

describe('gatherAccess with certificates of the owner', () => {
  it('tries the credential over them, and over nothing unverified', async () => {
    const ask = async (ownCa: string | undefined) => {
      const { fake } = await start({ mode: 'basic' });
      const evidence = await gatherAccess({
        reference: `${fake.host}/acme/etl:1`,
        platform: 'linux/amd64',
        vantage: 'server',
        policy: fake.policy,
        resolve: onLoopback,
        credential,
        ...(ownCa === undefined ? {} : { ownCa }),
      });
      const logins = fake.requests.filter(
        ({ headers }) => headers.authorization !== undefined,
      );
      return { evidence, logins: logins.length };
    };
    const trusted = await ask(TEST_CA);
    expect(trusted.logins).toBeGreaterThan(0);
    expect(trusted.evidence.transport).toBe('untrusted_tls');
    expect(trusted.evidence.credential?.manifest.status).toBe(200);
    const untrustedOne = await ask(undefined);
    expect(untrustedOne.logins).toBe(0);
    expect(untrustedOne.evidence.credential).toBeNull();
  });
});

describe('gatherAccess', () => {
  it.each<
    [
      string,
      string,
      FakeOptions,
      ((store: FakeStore, image: SeededImage) => void) | null,
      Look,
    ]
  >([
    ['an open registry over TLS', 'public', {}, null, look],
    [
      'a public repository behind a token server',
      'public',
      { mode: 'token', isPublic },
      null,
      look,
    ],
    [
      'a digest',
      'public',
      {},
      null,
      async (fake) => {
        const { digest } = judgeAccess(await look(fake));
        return look(fake, {
          reference: `${fake.host}/acme/etl:gone@${digest ?? ''}`,
        });
      },
    ],
    ['the same over plain http', 'insecure_http', { tls: false }, null, look],
    [
      'the same with a certificate nobody trusts',
      'tls_untrusted',
      {},
      null,
      untrusted,
    ],
    [
      'the same with a certificate that only the owner trusts',
      'tls_untrusted',
      {},
      null,
      (fake) =>
        gatherAccess({
          reference: `${fake.host}/acme/etl:1`,
          platform: 'linux/amd64',
          vantage: 'server',
          policy: fake.policy,
          resolve: onLoopback,
          ownCa: TEST_CA,
        }),
    ],
    [
      'the same with a certificate that has expired',
      'tls_untrusted',
      { tls: 'expired' },
      null,
      look,
    ],
    [
      'https asked of an http port',
      'insecure_http',
      { tls: false },
      null,
      (fake) =>
        look(fake, {
          plainHttp: false,
          policy: { allow: [{ ...fake.allowance, scheme: 'https' }] },
        }),
    ],
    [
      'a password nobody gave',
      'private_or_missing',
      { mode: 'basic' },
      null,
      look,
    ],
    [
      'a password that is stored',
      'private',
      { mode: 'basic' },
      null,
      (fake) => look(fake, { credential }),
    ],
    [
      'a token the stored credential gets',
      'private',
      { mode: 'token' },
      null,
      (fake) => look(fake, { credential }),
    ],
    [
      'a private registry over http with the credential',
      'private',
      { mode: 'basic', tls: false },
      null,
      (fake) => look(fake, { credential }),
    ],
    [
      'a wrong stored password',
      'no_access',
      { mode: 'basic' },
      null,
      (fake) =>
        look(fake, { credential: { ...credential, password: 'wrong' } }),
    ],
    [
      'a tag the credential does not find',
      'missing_tag',
      { mode: 'token' },
      null,
      (fake) =>
        look(fake, { credential, reference: `${fake.host}/acme/etl:2` }),
    ],
    [
      'a repository the credential does not find',
      'missing_repository',
      { mode: 'token' },
      null,
      (fake) =>
        look(fake, { credential, reference: `${fake.host}/acme/nothing:1` }),
    ],
    [
      'a deleted layer',
      'partially_public',
      {},
      (store, image) => store.removeBlob('acme/etl', image.layers[1] ?? ''),
      look,
    ],
    [
      'a deleted config',
      'partially_public',
      {},
      (store, image) => store.removeBlob('acme/etl', image.config),
      look,
    ],
    [
      'a deleted layer behind a token server',
      'partially_public',
      { mode: 'token', isPublic },
      (store, image) => store.removeBlob('acme/etl', image.layers[0] ?? ''),
      look,
    ],
    [
      'a missing tag',
      'missing_tag',
      {},
      null,
      (fake) => look(fake, { reference: `${fake.host}/acme/etl:2` }),
    ],
    [
      'a missing repository',
      'missing_repository',
      {},
      null,
      (fake) => look(fake, { reference: `${fake.host}/acme/other:1` }),
    ],
    [
      'an image for another platform only',
      'public_other_platform',
      {},
      null,
      (fake) => look(fake, { platform: 'linux/arm64' }),
    ],
    [
      'an image for another platform, with a layer gone',
      'wrong_platform',
      {},
      (store, image) => store.removeBlob('acme/etl', image.layers[0] ?? ''),
      (fake) => look(fake, { platform: 'linux/arm64' }),
    ],
    [
      'a Helm chart',
      'not_an_image',
      {},
      (store) => {
        const config = store.addBlob('acme/etl', '{}');
        store.seedManifest('acme/etl', '1', OCI_MANIFEST, {
          schemaVersion: 2,
          config: {
            mediaType: 'application/vnd.cncf.helm.config.v1+json',
            ...config,
          },
          layers: [],
        });
      },
      look,
    ],
    [
      'a schema 1 manifest',
      'unsupported_schema1',
      {},
      (store) =>
        void store.seedManifest(
          'acme/etl',
          '1',
          'application/vnd.docker.distribution.manifest.v1+prettyjws',
          { schemaVersion: 1 },
        ),
      look,
    ],
    [
      'a manifest whose type is contradicted',
      'invalid_manifest',
      {},
      (store) =>
        void store.seedManifest('acme/etl', '1', OCI_INDEX, {
          schemaVersion: 2,
          mediaType: OCI_MANIFEST,
        }),
      look,
    ],
    [
      'a config that is none',
      'invalid_manifest',
      {},
      (store) => {
        const config = store.addBlob('acme/etl', 'not json');
        store.seedManifest('acme/etl', '1', OCI_MANIFEST, {
          schemaVersion: 2,
          config: { mediaType: OCI_CONFIG, ...config },
          layers: [],
        });
      },
      look,
    ],
    [
      'a private address nobody allowed',
      'blocked_by_policy',
      {},
      null,
      (fake) => look(fake, { policy: { allow: [] } }),
    ],
    [
      'a host that is not there',
      'unreachable',
      {},
      null,
      async (fake) => {
        await fake.close();
        open.splice(open.indexOf(fake), 1);
        return look(fake);
      },
    ],
    [
      'a reference with a scheme',
      'invalid_reference',
      {},
      null,
      (fake) => look(fake, { reference: `https://${fake.host}/acme/etl:1` }),
    ],
    [
      'a host no URL can have',
      'invalid_reference',
      {},
      null,
      (fake) => look(fake, { reference: 'host:99999/acme/etl:1' }),
    ],
  ])('of %s finds %s', async (_, verdict, options, prepare, run) => {
    const { fake, image } = await start(options);
    prepare?.(fake.store, image);
    const evidence = await run(fake);
    expect(AccessEvidence.parse(JSON.parse(JSON.stringify(evidence)))).toEqual(
      evidence,
    );
    expect(judgeAccess(evidence).state).toBe(verdict);
  });

  it.each<[string, string, FakeRule[]]>([
    [
      '429 on the manifest',
      'rate_limited',
      [
        {
          when: `* /v2/${manifests}/*`,
          reply: { status: 429, headers: { 'retry-after': '60' } },
        },
      ],
    ],
    [
      '429 on a layer',
      'rate_limited',
      [
        {
          when: 'HEAD /v2/acme/etl/blobs/*',
          reply: { status: 429, headers: { 'retry-after': '60' } },
        },
      ],
    ],
    [
      'HAProxy’s plain-text 429 (Docker Hub’s abuse limit)',
      'rate_limited',
      [{ when: '* /v2/*', reply: { status: 429, body: 'Too Many Requests' } }],
    ],
    [
      '503 for ever',
      'unreachable',
      [{ when: '* /v2/*', reply: { status: 503 } }],
    ],
    [
      'a cut connection',
      'unreachable',
      [{ when: '*', reply: { status: 200, fault: 'reset' } }],
    ],
    ['HTML and 404 everywhere', 'not_a_registry', [{ when: '*', reply: html }]],
    [
      'redhat’s bare “Not found”',
      'missing_tag',
      [
        {
          when: `* /v2/${manifests}/*`,
          reply: { status: 404, body: 'Not found' },
        },
      ],
    ],
    [
      '401 without a challenge anywhere',
      'auth_misconfigured',
      [{ when: '*', reply: { status: 401 } }],
    ],
    [
      '401 with Negotiate only',
      'auth_misconfigured',
      [
        {
          when: '*',
          reply: { status: 401, headers: { 'www-authenticate': 'Negotiate' } },
        },
      ],
    ],
    [
      'a realm that is no URL',
      'auth_misconfigured',
      [
        {
          when: '* /v2/*',
          reply: failure(401, 'X', {
            'www-authenticate': 'Bearer realm="https://"',
          }),
        },
      ],
    ],
    [
      'a realm on http',
      'blocked_by_policy',
      [
        {
          when: '* /v2/*',
          reply: failure(401, 'X', {
            'www-authenticate':
              'Bearer realm="http://registry.example.com/token"',
          }),
        },
      ],
    ],
    [
      'GHCR’s token server: 401',
      'private_or_missing',
      [
        {
          when: '* /v2/*',
          reply: failure(401, 'X', {
            'www-authenticate': 'Bearer realm="/token"',
          }),
        },
        { when: 'GET /token', reply: failure(401, 'UNAUTHORIZED') },
      ],
    ],
    [
      'GHCR’s token server: 403',
      'private_or_missing',
      [
        {
          when: '* /v2/*',
          reply: failure(401, 'X', {
            'www-authenticate': 'Bearer realm="/token"',
          }),
        },
        { when: 'GET /token', reply: failure(403, 'DENIED') },
      ],
    ],
    [
      'Artifact Registry’s 403',
      'private_or_missing',
      [{ when: '* /v2/*', reply: failure(403, 'DENIED') }],
    ],
    [
      'ECR’s Basic',
      'private_or_missing',
      [
        {
          when: '* /v2/*',
          reply: {
            status: 401,
            headers: {
              'www-authenticate':
                'Basic realm="https://ecr/",service="ecr.amazonaws.com"',
            },
          },
        },
      ],
    ],
    [
      'a token server with HTML',
      'unreachable',
      [
        {
          when: '* /v2/*',
          reply: failure(401, 'X', {
            'www-authenticate': 'Bearer realm="/token"',
          }),
        },
        { when: 'GET /token', reply: { status: 200, body: '<html>' } },
      ],
    ],
    [
      'a token server without a token',
      'auth_misconfigured',
      [
        {
          when: '* /v2/*',
          reply: failure(401, 'X', {
            'www-authenticate': 'Bearer realm="/token"',
          }),
        },
        { when: 'GET /token', reply: { status: 200, body: '{}' } },
      ],
    ],
    [
      'a HEAD that says 404 where GET says 200',
      'public',
      [{ when: `HEAD /v2/${manifests}/*`, reply: { status: 404 } }],
    ],
    [
      'Harbor’s challenge to a bare HEAD',
      'public',
      [
        {
          when: `HEAD /v2/${manifests}/*`,
          reply: {
            status: 401,
            headers: { 'www-authenticate': 'Bearer realm="/token"' },
          },
        },
        { when: 'GET /token', reply: { status: 200, body: '{"token":"t"}' } },
      ],
    ],
    [
      'no digest header, as Nexus',
      'public',
      [
        {
          when: `HEAD /v2/${manifests}/1`,
          reply: { status: 200, headers: { 'content-type': OCI_MANIFEST } },
        },
      ],
    ],
    [
      'bytes that do not hash to their digest',
      'invalid_manifest',
      [
        {
          when: `GET /v2/${manifests}/*`,
          reply: {
            status: 200,
            headers: { 'content-type': DOCKER_MANIFEST },
            body: '{"schemaVersion":2}',
          },
        },
      ],
    ],
    [
      'a manifest that is too large',
      'invalid_manifest',
      [
        {
          when: `GET /v2/${manifests}/*`,
          reply: { status: 200, body: Buffer.alloc(5 * 1024 * 1024) },
        },
      ],
    ],
    [
      'a manifest that is there by tag only',
      'partially_public',
      [
        {
          when: `GET /v2/${manifests}/sha256*`,
          reply: failure(404, 'MANIFEST_UNKNOWN'),
        },
      ],
    ],
    [
      'a layer redirected to a private address',
      'blocked_by_policy',
      [
        {
          when: 'HEAD /v2/acme/etl/blobs/*',
          reply: { status: 307, headers: { location: 'https://10.0.0.1/x' } },
        },
      ],
    ],
  ])('of %s finds %s', async (_, verdict, script) => {
    const { fake } = await start();
    fake.script(...script);
    const evidence = await look(fake);
    expect(judgeAccess(evidence).state).toBe(verdict);
  });

  it('looks at every layer of the child for the platform, and at nothing of the others', async () => {
    const { fake } = await start();
    const arm = fake.store.seedImage('acme/etl', null, {
      platform: 'linux/arm64',
      layers: ['a', 'b', 'c'],
    });
    const amd = fake.store.seedImage('acme/etl', null, { layers: ['d'] });
    const attestation = {
      mediaType: OCI_MANIFEST,
      digest: `sha256:${'9'.repeat(64)}`,
      size: 2,
      platform: { os: 'unknown', architecture: 'unknown' },
    };
    const index = fake.store.seedIndex(
      'acme/etl',
      'multi',
      { 'linux/amd64': amd, 'linux/arm64': arm },
      [attestation],
    );
    fake.store.removeBlob('acme/etl', amd.layers[0] ?? '');
    const reference = `${fake.host}/acme/etl:multi`;
    const evidence = await look(fake, { reference, platform: 'linux/arm64' });
    expect(judgeAccess(evidence)).toMatchObject({
      state: 'public',
      digest: index,
      platforms: ['linux/amd64', 'linux/arm64'],
      checked: 'all',
    });
    expect(evidence.parts.map(({ digest }) => digest).sort()).toEqual(
      [index, arm.digest, arm.config, ...arm.layers].sort(),
    );
    expect(
      judgeAccess(await look(fake, { reference, platform: 'linux/amd64' }))
        .state,
    ).toBe('partially_public');
    expect(
      judgeAccess(await look(fake, { reference, platform: 'linux/riscv64' }))
        .state,
    ).toBe('wrong_platform');
  });

  it('finds the platform in an index inside an index', async () => {
    const { fake, image } = await start();
    const inner = fake.store.seedIndex('acme/etl', null, {
      'linux/amd64': image,
    });
    const size = 1;
    fake.store.seedManifest('acme/etl', 'nested', OCI_INDEX, {
      schemaVersion: 2,
      manifests: [{ mediaType: OCI_INDEX, digest: inner, size }],
    });
    expect(
      judgeAccess(
        await look(fake, { reference: `${fake.host}/acme/etl:nested` }),
      ).state,
    ).toBe('public');
  });

  it('reads the config of a child that names no platform', async () => {
    const { fake, image } = await start();
    fake.store.seedManifest('acme/etl', 'bare', OCI_INDEX, {
      schemaVersion: 2,
      manifests: [{ mediaType: OCI_MANIFEST, digest: image.digest, size: 1 }],
    });
    const reference = `${fake.host}/acme/etl:bare`;
    expect(judgeAccess(await look(fake, { reference })).state).toBe('public');
    expect(
      judgeAccess(await look(fake, { reference, platform: 'linux/arm64' }))
        .state,
    ).toBe('public_other_platform');
  });

  it('finds a child manifest that was deleted', async () => {
    const { fake, image } = await start();
    fake.store.seedIndex('acme/etl', 'multi', { 'linux/amd64': image });
    fake.store.removeManifest('acme/etl', image.digest);
    const access = judgeAccess(
      await look(fake, { reference: `${fake.host}/acme/etl:multi` }),
    );
    expect(access).toMatchObject({
      state: 'partially_public',
      failing: [{ digest: image.digest, kind: 'manifest', status: 404 }],
    });
  });

  it('offers tags like the one that is missing', async () => {
    const { fake } = await start();
    for (const tag of ['1.4.1', '1.5', 'dev'])
      fake.store.seedImage('acme/etl', tag);
    const access = judgeAccess(
      await look(fake, { reference: `${fake.host}/acme/etl:1.4` }),
    );
    expect(access.nearTags[0]).toBe('1.4.1');
  });

  it('asks for no layer of a foreign base, and lists it', async () => {
    const { fake } = await start();
    const config = fake.store.addBlob(
      'acme/etl',
      '{"os":"linux","architecture":"amd64"}',
    );
    const layer = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: `sha256:${'7'.repeat(64)}`,
      size: 1,
    };
    fake.store.seedManifest('acme/etl', 'foreign', OCI_MANIFEST, {
      schemaVersion: 2,
      config: { mediaType: OCI_CONFIG, ...config },
      layers: [layer],
    });
    const evidence = await look(fake, {
      reference: `${fake.host}/acme/etl:foreign`,
    });
    expect(evidence.foreignLayers).toEqual([layer.digest]);
    expect(judgeAccess(evidence).state).toBe('public');
    expect(fake.requests.some(({ path }) => path.includes(layer.digest))).toBe(
      false,
    );
  });

  it('sends the credential only after an anonymous refusal, and says who asked', async () => {
    const { fake } = await start({ mode: 'basic' });
    const evidence = await look(fake, { credential });
    const firstKnown = fake.requests.findIndex(
      ({ headers }) => headers.authorization !== undefined,
    );
    expect(firstKnown).toBeGreaterThan(1);
    expect(evidence.exchanges[0]?.identity).toBe('anonymous');
    expect(evidence.exchanges.at(-1)?.identity).toBe('credential');
    const { fake: other } = await start();
    await look(other, { credential });
    expect(
      JSON.stringify(other.requests.map(({ headers }) => headers)),
    ).not.toMatch(/authorization/i);
  });

  it('never sends the credential over a connection it does not trust', async () => {
    const { fake } = await start({ mode: 'basic' });
    const evidence = await untrusted(fake);
    expect(judgeAccess(evidence)).toMatchObject({
      state: 'tls_untrusted',
      underlying: 'private_or_missing',
      tlsFault: 'untrusted',
    });
    expect(fake.requests.length).toBeGreaterThan(0);
    expect(
      fake.requests.every(({ headers }) => headers.authorization === undefined),
    ).toBe(true);
  });

  it('keeps no token, no password and no signed URL', async () => {
    const { fake } = await start({ mode: 'token' });
    const storage = await startFakeRegistry({
      hostname: 'storage.example.org',
      script: [{ when: '*', reply: { status: 200 } }],
    });
    open.push(storage);
    fake.script({
      when: ({ path, headers }) =>
        path.includes('/blobs/') && headers.authorization !== undefined,
      reply: {
        status: 307,
        headers: {
          location: `${storage.origin}/bucket/path?X-Amz-Signature=canary-sig`,
        },
      },
    });
    const evidence = await look(fake, {
      credential,
      policy: { allow: [fake.allowance, storage.allowance] },
    });
    const kept = JSON.stringify(evidence);
    const sent = fake.requests.flatMap(
      ({ headers }) => headers.authorization?.split(' ')[1] ?? [],
    );
    expect(sent.length).toBeGreaterThan(1);
    for (const secret of [SECRET, 'canary-sig', ...sent])
      expect(kept).not.toContain(secret);
  });

  it('keeps no password that was pasted into the reference', async () => {
    const { fake } = await start();
    for (const reference of [
      `ci:${SECRET}@${fake.host}/acme/etl`,
      `https://ci:${SECRET}@${fake.host}/acme/etl`,
    ]) {
      expect(JSON.stringify(await look(fake, { reference }))).not.toContain(
        SECRET,
      );
    }
  });

  it('ends in time, whatever the registry does', async () => {
    const { fake } = await start();
    fake.script({
      when: 'HEAD /v2/acme/etl/blobs/*',
      reply: { status: 200, fault: 'hang' },
    });
    const startedMs = performance.now();
    const evidence = await look(fake, { totalMs: 500 });
    expect(judgeAccess(evidence)).toMatchObject({ state: 'unreachable' });
    expect(performance.now() - startedMs).toBeLessThan(4000);
  });

  it('asks four times for an image of one layer, and for no more than the layers beyond', async () => {
    const { fake } = await start();
    fake.store.seedImage('acme/etl', 'small', { layers: ['one'] });
    const evidence = await look(fake, {
      reference: `${fake.host}/acme/etl:small`,
    });
    expect(
      evidence.exchanges.map(({ method, purpose }) => `${method} ${purpose}`),
    ).toEqual(['HEAD manifest', 'GET manifest', 'GET config', 'HEAD layer']);
  });

  it('asks once for a layer that many images of a repository stand on', async () => {
    const { fake } = await start({ tls: false });
    fake.store.seedImage('acme/etl', 'a', { layers: ['base', 'one'] });
    fake.store.seedImage('acme/etl', 'b', { layers: ['base', 'two'] });
    fake.store.seedImage('acme/other', 'c', { layers: ['base'] });
    const share = openShare({ policy: fake.policy, resolve: onLoopback }, true);
    const layersOf = async (image: string) => {
      const reference = `${fake.host}/${image}`;
      const evidence = await look(fake, { reference, share });
      expect(judgeAccess(evidence).underlying).toBe('public');
      return {
        asked: evidence.exchanges.filter(({ purpose }) => purpose === 'layer')
          .length,
        known: evidence.parts.filter(({ seenAt }) => seenAt !== undefined)
          .length,
      };
    };
    expect(await layersOf('acme/etl:a')).toEqual({ asked: 2, known: 0 });
    expect(await layersOf('acme/etl:b')).toEqual({ asked: 1, known: 1 });
    expect(await layersOf('acme/other:c')).toEqual({ asked: 1, known: 0 });
    await share.egress.close();
  });

  it('asks again for a layer that was missing', async () => {
    const { fake } = await start({ tls: false });
    const share = openShare({ policy: fake.policy, resolve: onLoopback }, true);
    const rule = {
      when: 'HEAD /v2/acme/etl/blobs/*',
      reply: { status: 404 },
      times: 2,
    };
    fake.script(rule);
    const again = async () => judgeAccess(await look(fake, { share }));
    expect(await again()).toMatchObject({ state: 'partially_public' });
    expect(await again()).toMatchObject({ underlying: 'public' });
    await share.egress.close();
  });
});
