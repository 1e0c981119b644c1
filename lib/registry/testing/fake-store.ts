import { randomUUID } from 'node:crypto';
import { digestOf } from '@/lib/registry/client/digest';
import {
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
} from '@/lib/registry/media-types';
import { formatPlatform, parsePlatform } from '@/lib/registry/platform';
import { answerInventory } from './fake-inventory';
import type { FakeReply, FakeRequest } from './fake-registry';

const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

type Repository = {
  manifests: Map<string, { bytes: Buffer; mediaType: string }>;
  tags: Map<string, string>;
  blobs: Map<string, Buffer>;
  uploads: Map<string, Buffer>;
};

export type SeededImage = {
  digest: string;
  config: string;
  layers: string[];
  sizeBytes: number;
};

/** The memory of a fake registry: the distribution-spec's push, pull and tags, and short cuts to fill it. */
export class FakeStore {
  readonly repositories = new Map<string, Repository>();

  /** Puts an image there as if it had been pushed. */
  seedImage(
    name: string,
    tag: string | null,
    {
      platform = 'linux/amd64',
      layers = ['layer one', 'layer two'],
      config = {},
    }: SeedOptions = {},
  ): SeededImage {
    const { os, architecture, variant } = parsePlatform(platform);
    const body = {
      os,
      architecture,
      ...(variant ? { variant } : {}),
      config: {},
      rootfs: { type: 'layers', diff_ids: [] },
      history: layers.map((_, position) => ({
        created_by: `step ${String(position)}`,
      })),
      ...config,
    };
    const configBlob = this.addBlob(name, JSON.stringify(body));
    const layerBlobs = layers.map((text) => this.addBlob(name, text));
    const manifest = {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: { mediaType: OCI_CONFIG, ...configBlob },
      layers: layerBlobs.map((blob) => ({ mediaType: LAYER, ...blob })),
    };
    const { digest, sizeBytes } = this.seedManifest(
      name,
      tag,
      OCI_MANIFEST,
      manifest,
    );
    return {
      digest,
      sizeBytes,
      config: configBlob.digest,
      layers: layerBlobs.map((blob) => blob.digest),
    };
  }

  /** Puts an index over seeded images there. */
  seedIndex(
    name: string,
    tag: string | null,
    images: Record<string, SeededImage>,
    extras: object[] = [],
  ): string {
    const manifests = Object.entries(images).map(([platform, image]) => {
      const { os, architecture, variant } = parsePlatform(platform);
      return {
        mediaType: OCI_MANIFEST,
        digest: image.digest,
        size: image.sizeBytes,
        platform: { os, architecture, ...(variant ? { variant } : {}) },
        annotations: {
          'org.example.platform': formatPlatform(parsePlatform(platform)),
        },
      };
    });
    const body = {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [...manifests, ...extras],
    };
    return this.seedManifest(name, tag, OCI_INDEX, body).digest;
  }

  seedManifest(
    name: string,
    tag: string | null,
    mediaType: string,
    body: unknown,
  ): { digest: string; sizeBytes: number } {
    const bytes = Buffer.from(
      typeof body === 'string' ? body : JSON.stringify(body),
    );
    const digest = digestOf(bytes);
    const repository = this.repository(name);
    repository.manifests.set(digest, { bytes, mediaType });
    if (tag !== null) repository.tags.set(tag, digest);
    return { digest, sizeBytes: bytes.length };
  }

  addBlob(
    name: string,
    content: string | Buffer,
  ): { digest: string; size: number } {
    const bytes = Buffer.from(content);
    const digest = digestOf(bytes);
    this.repository(name).blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }

  removeBlob(name: string, digest: string): void {
    if (!this.repository(name).blobs.delete(digest))
      throw new Error(`No blob ${digest}.`);
  }

  removeManifest(name: string, digest: string): void {
    if (!this.repository(name).manifests.delete(digest))
      throw new Error(`No manifest ${digest}.`);
  }

  /** Answers an authorised request below `/v2/`. */
  answer(request: FakeRequest): FakeReply {
    if (request.path === '/v2/') return { status: 200, body: '{}' };
    const inventory = answerInventory(this, request);
    if (inventory) return inventory;
    const match = /^\/v2\/(.+?)\/(manifests|blobs|tags)\/(.*)$/.exec(
      request.path,
    );
    const [, name = '', kind, rest = ''] = match ?? [];
    if (kind === 'tags') return this.tags(request, name);
    if (kind === 'manifests') return this.manifest(request, name, rest);
    if (kind === 'blobs')
      return rest.startsWith('uploads/')
        ? this.upload(request, name, rest)
        : this.blob(name, rest);
    return failure(404, 'UNSUPPORTED');
  }

  private repository(name: string): Repository {
    const known = this.repositories.get(name);
    if (known) return known;
    const made: Repository = {
      manifests: new Map(),
      tags: new Map(),
      blobs: new Map(),
      uploads: new Map(),
    };
    this.repositories.set(name, made);
    return made;
  }

  private tags({ query, path }: FakeRequest, name: string): FakeReply {
    const repository = this.repositories.get(name);
    if (!repository) return failure(404, 'NAME_UNKNOWN');
    const all = [...repository.tags.keys()].sort();
    const from = all.findIndex((tag) => tag > (query.get('last') ?? ''));
    const count = Number(query.get('n') ?? 1000);
    const page = from === -1 ? [] : all.slice(from, from + count);
    const last = page.at(-1);
    const hasMore = last !== undefined && last !== all.at(-1);
    return {
      status: 200,
      headers: hasMore
        ? { link: `<${path}?n=${String(count)}&last=${last}>; rel="next"` }
        : {},
      body: JSON.stringify({ name, tags: page }),
    };
  }

  private manifest(
    { method, headers, body }: FakeRequest,
    name: string,
    reference: string,
  ): FakeReply {
    if (method === 'PUT') {
      const mediaType = String(headers['content-type'] ?? OCI_MANIFEST);
      const { digest } = this.seedManifest(
        name,
        reference.includes(':') ? null : reference,
        mediaType,
        body.toString(),
      );
      return {
        status: 201,
        headers: {
          'docker-content-digest': digest,
          location: `/v2/${name}/manifests/${digest}`,
        },
      };
    }
    const repository = this.repositories.get(name);
    if (!repository) return failure(404, 'NAME_UNKNOWN');
    const digest = repository.tags.get(reference) ?? reference;
    const found = repository.manifests.get(digest);
    if (!found) return failure(404, 'MANIFEST_UNKNOWN');
    return served(found.bytes, found.mediaType, digest);
  }

  private blob(name: string, digest: string): FakeReply {
    const found = this.repositories.get(name)?.blobs.get(digest);
    if (!found) return failure(404, 'BLOB_UNKNOWN');
    return served(found, 'application/octet-stream', digest);
  }

  private upload(
    { method, query, body }: FakeRequest,
    name: string,
    rest: string,
  ): FakeReply {
    if (method === 'POST') {
      const made = randomUUID();
      this.repository(name).uploads.set(made, Buffer.alloc(0));
      return {
        status: 202,
        headers: { location: `/v2/${name}/blobs/uploads/${made}?state=1` },
      };
    }
    const id = rest.replace('uploads/', '');
    const repository = this.repositories.get(name);
    const held = repository?.uploads.get(id);
    if (!repository || !held) return failure(404, 'BLOB_UPLOAD_UNKNOWN');
    const { uploads, blobs } = repository;
    if (method === 'DELETE') {
      uploads.delete(id);
      return { status: 204 };
    }
    const bytes = Buffer.concat([held, body]);
    if (method === 'PATCH') {
      uploads.set(id, bytes);
      return {
        status: 202,
        headers: {
          location: `/v2/${name}/blobs/uploads/${id}`,
          range: `0-${String(bytes.length - 1)}`,
        },
      };
    }
    const digest = digestOf(bytes);
    if (digest !== query.get('digest')) return failure(400, 'DIGEST_INVALID');
    uploads.delete(id);
    blobs.set(digest, bytes);
    return {
      status: 201,
      headers: {
        'docker-content-digest': digest,
        location: `/v2/${name}/blobs/${digest}`,
      },
    };
  }
}

export type SeedOptions = {
  platform?: string;
  layers?: string[];
  config?: object;
};

/** An error body as the distribution-spec writes it. */
export function failure(
  status: number,
  code: string,
  headers: FakeReply['headers'] = {},
): FakeReply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ errors: [{ code, message: 'fake' }] }),
  };
}

function served(bytes: Buffer, mediaType: string, digest: string): FakeReply {
  return {
    status: 200,
    headers: {
      'content-type': mediaType,
      'docker-content-digest': digest,
      'content-length': String(bytes.length),
    },
    body: bytes,
  };
}
