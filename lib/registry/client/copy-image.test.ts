import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import type { RegistryError } from '@/lib/registry/errors';
import {
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
} from '@/lib/registry/media-types';
import {
  type FakeOptions,
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import { copyImage, type CopyOptions, type CopyProgress } from './copy-image';

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(
  options: FakeOptions = {},
): Promise<{ fake: FakeRegistry; client: RegistryClient }> {
  const users = { ci: 'canary-71' };
  const fake = await startFakeRegistry({ tls: false, users, ...options });
  const client = openRegistry({
    registry: fake.host,
    plainHttp: true,
    policy: fake.policy,
    sleep: () => Promise.resolve(),
    ...(options.mode
      ? { credential: { username: 'ci', password: 'canary-71' } }
      : {}),
  });
  open.push(fake, client);
  return { fake, client };
}

async function two(source: FakeOptions = {}, target: FakeOptions = {}) {
  const [a, b] = [await start(source), await start(target)];
  const copy = (digest: string, more: Partial<CopyOptions> = {}) =>
    copyImage({
      from: { client: a.client, repository: 'acme/etl' },
      to: { client: b.client, repository: 'mirror/etl' },
      isSameRegistry: false,
      digest,
      tag: '1',
      withReferrers: true,
      signal: new AbortController().signal,
      ...more,
    });
  return { source: a.fake, target: b.fake, copy };
}

const manifestsOf = (fake: FakeRegistry, name: string) =>
  fake.store.repositories.get(name)?.manifests ?? new Map<string, never>();
const sent = (fake: FakeRegistry, method: string, part: string) =>
  fake.requests.filter(
    (one) => one.method === method && one.path.includes(part),
  );
const digestOf = (bytes: Buffer | string) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An index of two platforms with an attestation, some layers shared. */
function seedIndex(fake: FakeRegistry) {
  const { store } = fake;
  const images = {
    'linux/amd64': store.seedImage('acme/etl', null, { layers: ['base', 'a'] }),
    'linux/arm64': store.seedImage('acme/etl', null, {
      platform: 'linux/arm64',
      layers: ['base', 'b'],
    }),
  };
  const statement = store.seedImage('acme/etl', null, { layers: ['sbom'] });
  const attestation = {
    mediaType: OCI_MANIFEST,
    digest: statement.digest,
    size: statement.sizeBytes,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': images['linux/amd64'].digest,
    },
  };
  return store.seedIndex('acme/etl', '1', images, [attestation]);
}

/** A signature of a digest, as a manifest with a subject. */
function seedSignature(fake: FakeRegistry, subject: string) {
  const { store } = fake;
  const empty = store.addBlob('acme/etl', '{}');
  const blob = store.addBlob('acme/etl', 'signed');
  const made = store.seedManifest('acme/etl', null, OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: 'application/vnd.example.sig',
    config: { mediaType: 'application/vnd.oci.empty.v1+json', ...empty },
    layers: [{ mediaType: 'application/octet-stream', ...blob }],
    subject: { mediaType: OCI_INDEX, digest: subject, size: 1 },
    annotations: { 'org.example.by': 'ada' },
  });
  store.seedManifest('acme/etl', subject.replace(':', '-'), OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: [
      { mediaType: OCI_MANIFEST, digest: made.digest, size: made.sizeBytes },
    ],
  });
  return made.digest;
}

/** What cosign keeps for a digest under a tag of its own: no subject, no list names it. */
function seedCosign(
  { store }: FakeRegistry,
  repository: string,
  subject: string,
  suffix: string,
  by = 'ours',
) {
  const tag = `${subject.replace(':', '-')}.${suffix}`;
  const blob = store.addBlob(repository, `${by} ${suffix} of ${subject}`);
  const { digest } = store.seedManifest(repository, tag, OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: OCI_CONFIG, ...store.addBlob(repository, '{}') },
    layers: [
      {
        mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
        ...blob,
      },
    ],
  });
  return { tag, digest };
}

describe('copying between registries', () => {
  it('brings over every part of an index, byte for byte, index last', async () => {
    const { source, target, copy } = await two(
      { mode: 'token' },
      { mode: 'token' },
    );
    const digest = seedIndex(source);
    const result = await copy(digest);
    expect(result).toMatchObject({
      digest,
      manifests: 4,
      blobs: { present: 0, mounted: 0, sent: 7 },
    });
    const there = manifestsOf(target, 'mirror/etl');
    for (const [key, { bytes }] of manifestsOf(source, 'acme/etl')) {
      expect(there.get(key)?.bytes.equals(bytes), key).toBe(true);
    }
    const puts = sent(target, 'PUT', '/manifests/').map(({ path }) => path);
    expect(puts.at(-1)).toBe('/v2/mirror/etl/manifests/1');
    expect(puts).toHaveLength(4);
  });

  it('sends nothing again that is there already', async () => {
    const { source, target, copy } = await two();
    const digest = seedIndex(source);
    await copy(digest);
    const before = sent(target, 'POST', '/blobs/uploads/').length;
    const result = await copy(digest, { tag: '2' });
    expect(result.blobs).toEqual({ present: 7, mounted: 0, sent: 0 });
    expect(sent(target, 'POST', '/blobs/uploads/')).toHaveLength(before);
    expect(target.store.repositories.get('mirror/etl')?.tags.get('2')).toBe(
      digest,
    );
  });

  it('takes what refers to the image with it, and keeps the fallback tag where that is needed', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    const signature = seedSignature(source, digest);
    expect((await copy(digest)).manifests).toBe(2);
    const { tags, manifests } =
      target.store.repositories.get('mirror/etl') ?? {};
    const list = manifests?.get(tags?.get(digest.replace(':', '-')) ?? '');
    expect(JSON.parse(list?.bytes.toString() ?? '')).toMatchObject({
      mediaType: OCI_INDEX,
      manifests: [
        {
          digest: signature,
          artifactType: 'application/vnd.example.sig',
          annotations: { 'org.example.by': 'ada' },
        },
      ],
    });
    // A second copy adds nothing to the list.
    await copy(digest);
    expect(
      sent(target, 'PUT', `/manifests/${digest.replace(':', '-')}`),
    ).toHaveLength(1);
  });

  it('takes the tags of cosign with it, of the image and of its parts', async () => {
    const { source, target, copy } = await two();
    const digest = seedIndex(source);
    const part = [...manifestsOf(source, 'acme/etl').keys()][0] ?? '';
    const signed = ['sig', 'att', 'sbom'].map((suffix) =>
      seedCosign(source, 'acme/etl', digest, suffix),
    );
    signed.push(seedCosign(source, 'acme/etl', part, 'sig'));
    let last: CopyProgress | undefined;
    const result = await copy(digest, { onProgress: (one) => (last = one) });
    expect(result.manifests).toBe(8);
    expect(last).toMatchObject({ referrers: 4, keptTags: [] });
    const { tags } = target.store.repositories.get('mirror/etl') ?? {};
    for (const one of signed) expect(tags?.get(one.tag)).toBe(one.digest);
    const puts = sent(target, 'PUT', '/manifests/').map(({ path }) => path);
    expect(puts.at(-1)).toBe('/v2/mirror/etl/manifests/1');
  });

  it('leaves them when it is told to', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    seedCosign(source, 'acme/etl', digest, 'sig');
    await copy(digest, { withReferrers: false });
    const { tags } = target.store.repositories.get('mirror/etl') ?? {};
    expect([...(tags?.keys() ?? [])]).toEqual(['1']);
    expect(sent(source, 'HEAD', '.sig')).toEqual([]);
  });

  it('keeps the signatures that were made at the target, and says so', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    seedCosign(source, 'acme/etl', digest, 'sig');
    const own = seedCosign(target, 'mirror/etl', digest, 'sig', 'theirs');
    let last: CopyProgress | undefined;
    await copy(digest, { onProgress: (one) => (last = one) });
    expect(last).toMatchObject({ phase: 'done', keptTags: [own.tag] });
    const { tags } = target.store.repositories.get('mirror/etl') ?? {};
    expect(tags?.get(own.tag)).toBe(own.digest);
  });

  it('puts no tag where a registry does not take a part, as ECR did with what refers to an index', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    const signature = seedSignature(source, digest);
    target.script({
      when: `PUT /v2/mirror/etl/manifests/${signature}`,
      reply: failure(405, 'UNSUPPORTED'),
    });
    await expect(copy(digest)).rejects.toMatchObject({
      facts: { status: 405, upstreamCode: 'UNSUPPORTED' },
      message: expect.stringContaining('manifest') as string,
    });
    expect(target.store.repositories.get('mirror/etl')?.tags.size).toBe(0);
  });

  it('leaves the list of referrers to a registry that says OCI-Subject', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    const signature = seedSignature(source, digest);
    target.script({
      when: `PUT /v2/mirror/etl/manifests/${signature}`,
      reply: ({ body }) => {
        target.store.seedManifest(
          'mirror/etl',
          null,
          OCI_MANIFEST,
          body.toString(),
        );
        return {
          status: 201,
          headers: {
            'oci-subject': digest,
            'docker-content-digest': signature,
          },
        };
      },
    });
    await copy(digest);
    expect(sent(target, 'PUT', 'manifests/sha256-')).toEqual([]);
  });

  it('names foreign layers as the original does, and never asks for or sends them', async () => {
    const { source, target, copy } = await two();
    const { store } = source;
    const config = store.addBlob('acme/etl', '{"os":"windows"}');
    const layer = store.addBlob('acme/etl', 'own');
    const foreign = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: `sha256:${'f'.repeat(64)}`,
      size: 99,
      urls: ['https://169.254.169.254/layer'],
    };
    const { digest } = store.seedManifest('acme/etl', '1', OCI_MANIFEST, {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: OCI_CONFIG, ...config },
      layers: [
        foreign,
        { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer },
      ],
    });
    const result = await copy(digest);
    expect(result.foreignLayers).toEqual([foreign.digest]);
    const asked = [...source.requests, ...target.requests].map(
      ({ path }) => path,
    );
    expect(asked.filter((path) => path.includes(foreign.digest))).toEqual([]);
  });

  it('brings a large blob over whole, telling how far it is', async () => {
    const { source, target, copy } = await two();
    const big = randomBytes(24 * 1024 * 1024);
    const config = source.store.addBlob('acme/etl', '{"os":"linux"}');
    const layer = source.store.addBlob('acme/etl', big);
    const { digest } = source.store.seedManifest(
      'acme/etl',
      '1',
      OCI_MANIFEST,
      {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: { mediaType: OCI_CONFIG, ...config },
        layers: [
          { mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer },
        ],
      },
    );
    const seen: CopyProgress[] = [];
    await copy(digest, { onProgress: (progress) => void seen.push(progress) });
    const there = target.store.repositories.get('mirror/etl')?.blobs;
    expect(there?.get(digestOf(big))?.equals(big)).toBe(true);
    const moving = seen.filter(({ phase }) => phase === 'blobs');
    expect(moving.length).toBeGreaterThan(10);
    expect(moving.map(({ bytes }) => bytes.done)).toEqual(
      [...moving.map(({ bytes }) => bytes.done)].sort((a, b) => a - b),
    );
    expect(seen.at(-1)).toMatchObject({
      phase: 'done',
      blobs: { done: 2, total: 2 },
      manifests: { done: 1, total: 1 },
    });
  });
});

describe('within one registry', () => {
  it('mounts blobs instead of sending them', async () => {
    const { fake, client } = await start();
    const digest = seedIndex(fake);
    const result = await copyImage({
      from: { client, repository: 'acme/etl' },
      to: { client, repository: 'other/etl' },
      isSameRegistry: true,
      digest,
      tag: 'x',
      withReferrers: false,
      signal: new AbortController().signal,
    });
    expect(result.blobs).toEqual({ present: 0, mounted: 7, sent: 0 });
    expect(sent(fake, 'PUT', '/blobs/')).toEqual([]);
  });

  it.each([202, 400, 401, 404, 405])(
    'sends them where mounting is answered with %i',
    async (status) => {
      const { fake, client } = await start();
      const { digest } = fake.store.seedImage('acme/etl', '1');
      fake.script({
        when: ({ method, query }) => method === 'POST' && query.has('mount'),
        reply: ({ path }) => {
          const made = fake.store.answer({
            method: 'POST',
            path,
            query: new URLSearchParams(),
            headers: {},
            body: Buffer.alloc(0),
          });
          return status === 202 ? made : failure(status, 'UNSUPPORTED');
        },
      });
      const result = await copyImage({
        from: { client, repository: 'acme/etl' },
        to: { client, repository: 'other/etl' },
        isSameRegistry: true,
        digest,
        tag: null,
        withReferrers: false,
        signal: new AbortController().signal,
      });
      expect(result.blobs).toEqual({ present: 0, mounted: 0, sent: 3 });
    },
  );
});

describe('a copy that cannot be', () => {
  it('names the part that the source does not have', async () => {
    const { source, target, copy } = await two();
    const digest = seedIndex(source);
    const child = JSON.parse(
      manifestsOf(source, 'acme/etl').get(digest)?.bytes.toString() ?? '',
    ) as { manifests: { digest: string }[] };
    const lost = child.manifests[1]?.digest ?? '';
    source.store.removeManifest('acme/etl', lost);
    const error = await copy(digest).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'REGISTRY_NOT_FOUND' });
    expect((error as RegistryError).message).toContain(lost);
    expect(target.requests).toEqual([]);
  });

  it('stops at a blob that the source does not have, and puts no tag there', async () => {
    const { source, target, copy } = await two();
    const image = source.store.seedImage('acme/etl', '1');
    source.store.removeBlob('acme/etl', image.layers[0] ?? '');
    await expect(copy(image.digest)).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
    });
    expect(sent(target, 'PUT', '/manifests/')).toEqual([]);
  });

  it('never completes an upload of bytes that are not the blob’s', async () => {
    const { source, target, copy } = await two();
    const image = source.store.seedImage('acme/etl', '1', {
      layers: ['the right bytes'],
    });
    source.script({
      when: `GET /v2/acme/etl/blobs/${image.layers[0] ?? ''}`,
      reply: { status: 200, body: 'the wrong bytes' },
    });
    await expect(copy(image.digest)).rejects.toMatchObject({
      code: 'REGISTRY_INVALID_ANSWER',
    });
    const there = target.store.repositories.get('mirror/etl')?.blobs;
    expect(there?.has(digestOf('the wrong bytes'))).toBe(false);
    expect(sent(target, 'PUT', '/manifests/')).toEqual([]);
  });

  it('does not go where the registry sends the upload to another host', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    target.script({
      when: 'POST /v2/*',
      reply: {
        status: 202,
        headers: { location: 'https://evil.example.com/upload' },
      },
    });
    await expect(copy(digest)).rejects.toMatchObject({
      code: 'REGISTRY_BLOCKED',
      facts: { blocked: 'upload_location' },
    });
  });

  it('says so when the registry made another digest of it', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    target.script({
      when: 'PUT /v2/mirror/etl/manifests/1',
      reply: {
        status: 201,
        headers: { 'docker-content-digest': `sha256:${'0'.repeat(64)}` },
      },
    });
    await expect(copy(digest)).rejects.toMatchObject({
      code: 'REGISTRY_INVALID_ANSWER',
    });
  });

  it('ends when it is cancelled, without a tag', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    const stop = new AbortController();
    target.script({
      when: 'PUT /v2/*/uploads/*',
      reply: { status: 201, fault: 'hang' },
    });
    const copying = copy(digest, {
      signal: stop.signal,
      onProgress: ({ phase, bytes }) => {
        if (phase === 'blobs' && bytes.done > 0)
          stop.abort(new Error('cancelled'));
      },
    });
    await expect(copying).rejects.toThrow('cancelled');
    expect(sent(target, 'PUT', '/manifests/')).toEqual([]);
  });

  it('begins a blob again when the connection breaks, and goes on when it works', async () => {
    const { source, target, copy } = await two();
    const { digest } = source.store.seedImage('acme/etl', '1');
    target.script({
      when: 'PUT /v2/*/uploads/*',
      reply: { status: 201, fault: 'reset' },
      times: 1,
    });
    const result = await copy(digest);
    expect(result.blobs.sent).toBe(3);
  });

  it('gives up on a source that stands still', async () => {
    const { source, copy } = await two();
    const image = source.store.seedImage('acme/etl', '1', { layers: ['x'] });
    source.script({
      when: `GET /v2/acme/etl/blobs/${image.layers[0] ?? ''}`,
      reply: {
        status: 200,
        headers: { 'content-length': '1' },
        fault: 'stall',
      },
    });
    await expect(copy(image.digest, { stallMs: 30 })).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
    });
  });
});
