import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
} from '@/lib/registry/media-types';

const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

export type SeededReal = { digest: string; config: string; layer: string };

/** Pushes small images to an open registry by plain HTTP, so that no client of ours is needed to test ours. */
export function seeder(url: string) {
  async function pushBlob(repository: string, bytes: Buffer): Promise<string> {
    const digest = sha256(bytes);
    const opened = await send(`${url}/v2/${repository}/blobs/uploads/`, {
      method: 'POST',
    });
    const location = new URL(opened.headers.get('location') ?? '', url);
    location.searchParams.set('digest', digest);
    await send(location.href, {
      method: 'PUT',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    });
    return digest;
  }

  async function pushManifest(
    repository: string,
    reference: string | null,
    mediaType: string,
    body: object,
  ): Promise<string> {
    const text = JSON.stringify(body);
    const digest = sha256(Buffer.from(text));
    await send(`${url}/v2/${repository}/manifests/${reference ?? digest}`, {
      method: 'PUT',
      body: text,
      headers: { 'content-type': mediaType },
    });
    return digest;
  }

  /** An image of one layer of its own. Without a tag it is there by digest only. */
  async function image(
    repository: string,
    tag: string | null,
    architecture = 'amd64',
  ): Promise<SeededReal> {
    const bytes = gzipSync(randomBytes(64));
    const layer = await pushBlob(repository, bytes);
    const config = Buffer.from(
      JSON.stringify({
        os: 'linux',
        architecture,
        config: {},
        rootfs: { type: 'layers', diff_ids: [layer] },
      }),
    );
    const configDigest = await pushBlob(repository, config);
    const digest = await pushManifest(repository, tag, OCI_MANIFEST, {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: {
        mediaType: OCI_CONFIG,
        digest: configDigest,
        size: config.length,
      },
      layers: [{ mediaType: LAYER, digest: layer, size: bytes.length }],
    });
    return { digest, config: configDigest, layer };
  }

  /** An index over images for these architectures, with an attestation beside each as BuildKit writes them. */
  async function index(
    repository: string,
    tag: string,
    architectures: readonly string[],
  ): Promise<{ digest: string; children: SeededReal[] }> {
    const children: SeededReal[] = [];
    const manifests: object[] = [];
    for (const architecture of architectures) {
      const child = await image(repository, null, architecture);
      children.push(child);
      const size = Number(
        (
          await send(`${url}/v2/${repository}/manifests/${child.digest}`, {
            headers: { accept: OCI_MANIFEST },
          })
        ).headers.get('content-length'),
      );
      const common = { mediaType: OCI_MANIFEST, digest: child.digest, size };
      manifests.push(
        { ...common, platform: { os: 'linux', architecture } },
        {
          ...common,
          platform: { os: 'unknown', architecture: 'unknown' },
          annotations: {
            'vnd.docker.reference.type': 'attestation-manifest',
            'vnd.docker.reference.digest': child.digest,
          },
        },
      );
    }
    const digest = await pushManifest(repository, tag, OCI_INDEX, {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests,
    });
    return { digest, children };
  }

  const remove = (path: string) =>
    send(`${url}/v2/${path}`, { method: 'DELETE' });

  return { image, index, remove };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (!answer.ok)
    throw new Error(
      `${init.method ?? 'GET'} ${url} ended with ${String(answer.status)}.`,
    );
  return answer;
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
