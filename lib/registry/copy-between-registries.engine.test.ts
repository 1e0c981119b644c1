import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { testEnv, type TestRegistry } from '@/e2e/support/test-env';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import { copyImage } from '@/lib/registry/client/copy-image';
import { digestOf } from '@/lib/registry/client/digest';
import { resolveAddresses } from '@/lib/registry/egress';
import { OCI_INDEX, OCI_MANIFEST } from '@/lib/registry/media-types';

const run = promisify(execFile);
const { registries, images, caFile, skopeo } = testEnv();
const ca = readFileSync(caFile, 'utf8');
const open: RegistryClient[] = [];

afterAll(async () => {
  await Promise.all(open.map((client) => client.close()));
});

/** A client for one of the run's registries, as an owner who wrote it out would have it. */
async function connect(
  registry: TestRegistry & { username?: string; password?: string },
): Promise<RegistryClient> {
  const { hostname, protocol, port } = new URL(registry.url);
  const addresses = await resolveAddresses(hostname);
  const cidrs = addresses.map(
    (one) => `${one}/${one.includes(':') ? 128 : 32}`,
  );
  const scheme = protocol === 'http:' ? 'http' : 'https';
  const { username, password } = registry;
  const client = openRegistry({
    registry: registry.host,
    plainHttp: scheme === 'http',
    policy: { allow: [{ host: hostname, port: Number(port), scheme, cidrs }] },
    ca,
    ...(username !== undefined && password !== undefined
      ? { credential: { method: 'password' as const, username, password } }
      : {}),
  });
  open.push(client);
  return client;
}

/** The digest behind a reference as skopeo sees it, and the whole manifest. */
async function inspect(
  reference: string,
): Promise<{ digest: string; raw: string }> {
  const flags = [
    '--tls-verify=false',
    '--authfile',
    registries.password.authFile,
  ];
  const { stdout } = await run(
    skopeo,
    ['inspect', '--raw', ...flags, `docker://${reference}`],
    { env: { ...process.env, SSL_CERT_FILE: caFile } },
  );
  return { digest: digestOf(Buffer.from(stdout)), raw: stdout };
}

async function copy(
  from: RegistryClient,
  to: RegistryClient,
  digest: string,
  repositories: [string, string],
) {
  return copyImage({
    from: { client: from, repository: repositories[0] },
    to: { client: to, repository: repositories[1] },
    isSameRegistry: from === to,
    digest,
    tag: 'copied',
    withReferrers: true,
    signal: new AbortController().signal,
  });
}

describe('between two real registries', () => {
  it('a copy has the digest and the bytes of the original, as skopeo sees them', async () => {
    const source = await connect(registries.tls);
    const target = await connect(registries.password);
    const name = `copy-${randomUUID().slice(0, 8)}`;
    const { digest } = images.base;
    const result = await copy(source, target, digest, [images.base.name, name]);
    expect(result.blobs.sent).toBeGreaterThan(1);
    const there = await inspect(`${registries.password.host}/${name}:copied`);
    const original = await inspect(
      `${registries.tls.host}/${images.base.name}@${digest}`,
    );
    expect(there).toEqual(original);
    expect(there.digest).toBe(digest);
    // Within the registry it is mounted, not sent.
    const again = await copy(target, target, digest, [name, `${name}-mounted`]);
    expect(again.blobs).toMatchObject({ sent: 0 });
    expect(again.blobs.mounted).toBeGreaterThan(1);
  });

  it('says so when a layer or a part is missing in the source, and puts no tag there', async () => {
    const source = await connect(registries.tls);
    const target = await connect(registries.password);
    const name = `broken-${randomUUID().slice(0, 8)}`;
    const { manifest } = await source.getManifest(
      images.base.name,
      images.base.digest,
    );
    if (manifest.kind !== 'image') throw new Error('The base is no image.');
    const config = manifest.config;
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          mediaType: OCI_MANIFEST,
          digest: `sha256:${'0'.repeat(64)}`,
          size: 2,
          platform: { os: 'linux', architecture: 'arm64' },
        },
      ],
    });
    const digest = digestOf(Buffer.from(body));
    // Distribution checks that the parts of an index exist, so the hole is made afterwards.
    const put = source.putManifest(
      images.base.name,
      digest,
      { bytes: Buffer.from(body), mediaType: OCI_INDEX },
      digest,
    );
    await expect(put).rejects.toMatchObject({
      code: 'REGISTRY_INVALID_ANSWER',
    });
    await copy(source, source, images.base.digest, [images.base.name, name]);
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          mediaType: OCI_MANIFEST,
          digest: images.base.digest,
          size: 1,
          platform: { os: 'linux', architecture: 'amd64' },
        },
      ],
    });
    const whole = digestOf(Buffer.from(index));
    await source.putManifest(
      name,
      'index',
      { bytes: Buffer.from(index), mediaType: OCI_INDEX },
      whole,
    );
    await source.deleteManifest(name, images.base.digest);
    await expect(
      copy(source, target, whole, [name, name]),
    ).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
      message: expect.stringContaining(images.base.digest) as string,
    });
    await expect(target.headManifest(name, 'copied')).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
    });
    expect(config.digest).toMatch(/^sha256:/);
  });

  it('deletes by digest, and says that single tags stay', async () => {
    const registry = await connect(registries.tls);
    const name = `delete-${randomUUID().slice(0, 8)}`;
    await copy(registry, registry, images.base.digest, [
      images.base.name,
      name,
    ]);
    await expect(registry.deleteManifest(name, 'copied')).rejects.toMatchObject(
      { code: 'REGISTRY_UNSUPPORTED' },
    );
    await registry.deleteManifest(name, images.base.digest);
    await expect(registry.headManifest(name, 'copied')).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
    });
    // Deleting what is gone is done already.
    await registry.deleteManifest(name, images.base.digest);
  });

  it('keeps referrers in the fallback tag, for it has no API for them', async () => {
    const source = await connect(registries.tls);
    const target = await connect(registries.password);
    const name = `signed-${randomUUID().slice(0, 8)}`;
    const subject = images.base.digest;
    await copy(source, source, subject, [images.base.name, name]);
    const { bytes, mediaType, manifest } = await source.getManifest(
      name,
      subject,
    );
    if (manifest.kind !== 'image') throw new Error('The base is no image.');
    const signature = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        artifactType: 'application/vnd.example.signature',
        config: {
          mediaType: 'application/vnd.oci.empty.v1+json',
          digest: manifest.config.digest,
          size: manifest.config.sizeBytes,
        },
        layers: [],
        subject: { mediaType, digest: subject, size: bytes.length },
      }),
    );
    const digest = digestOf(signature);
    const { knowsSubject } = await source.putManifest(
      name,
      digest,
      { bytes: signature, mediaType: OCI_MANIFEST },
      digest,
    );
    expect(knowsSubject).toBe(false);
    const list = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [
          { mediaType: OCI_MANIFEST, digest, size: signature.length },
        ],
      }),
    );
    await source.putManifest(
      name,
      subject.replace(':', '-'),
      { bytes: list, mediaType: OCI_INDEX },
      digestOf(list),
    );
    expect((await copy(source, target, subject, [name, name])).manifests).toBe(
      2,
    );
    const there = await target.listReferrers(name, subject, null);
    expect(there.way).toBe('tag');
    expect(there.referrers).toMatchObject([
      { digest, artifactType: 'application/vnd.example.signature' },
    ]);
  });

  it('brings over the signature that cosign keeps under a tag', async () => {
    const source = await connect(registries.tls);
    const target = await connect(registries.password);
    const name = `cosign-${randomUUID().slice(0, 8)}`;
    const subject = images.base.digest;
    await copy(source, source, subject, [images.base.name, name]);
    const { manifest } = await source.getManifest(name, subject);
    if (manifest.kind !== 'image') throw new Error('The base is no image.');
    const { digest: blob, sizeBytes: size } = manifest.config;
    const signature = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: {
          mediaType: 'application/vnd.oci.image.config.v1+json',
          digest: blob,
          size,
        },
        layers: [
          {
            mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
            digest: blob,
            size,
          },
        ],
      }),
    );
    const digest = digestOf(signature);
    const tag = `${subject.replace(':', '-')}.sig`;
    await source.putManifest(
      name,
      tag,
      { bytes: signature, mediaType: OCI_MANIFEST },
      digest,
    );
    expect((await copy(source, target, subject, [name, name])).manifests).toBe(
      2,
    );
    expect((await target.headManifest(name, tag)).digest).toBe(digest);
  });
});
