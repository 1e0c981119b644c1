import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/** The platform's architecture under the name that images use. */
export const architecture = ARCHITECTURES[process.arch] ?? process.arch;

/**
 * Writes a folder as an image of one layer, in the OCI image layout
 * (image-spec, image-layout.md), tagged `latest`. Files belong to root in it.
 */
export async function writeOciLayout(layout, rootfs, config) {
  const blobs = path.join(layout, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const layer = await writeLayer(blobs, rootfs);
  const configBlob = await writeJson(blobs, {
    architecture,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    history: [{ created_by: 'imageyard test image' }],
  });
  const manifest = await writeJson(blobs, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      ...configBlob,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: layer.digest,
        size: layer.size,
      },
    ],
  });
  await writeFile(
    path.join(layout, 'oci-layout'),
    JSON.stringify({ imageLayoutVersion: '1.0.0' }),
  );
  await writeFile(
    path.join(layout, 'index.json'),
    JSON.stringify({
      schemaVersion: 2,
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          ...manifest,
          annotations: { 'org.opencontainers.image.ref.name': 'latest' },
        },
      ],
    }),
  );
  return manifest.digest;
}

async function writeLayer(blobs, rootfs) {
  const tar = spawn(
    'tar',
    [
      '--create',
      '--sort=name',
      '--numeric-owner',
      '--xattrs',
      '--one-file-system',
      '-C',
      rootfs,
      '.',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const done = new Promise((resolve, reject) => {
    tar.on('error', reject);
    tar.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`tar ended with code ${code}.`)),
    );
  });
  const plain = hashing();
  const packed = hashing();
  const file = path.join(blobs, 'layer.partial');
  await Promise.all([
    done,
    pipeline(
      tar.stdout,
      plain.stream,
      createGzip({ level: 6 }),
      packed.stream,
      createWriteStream(file),
    ),
  ]);
  const digest = packed.digest();
  await rename(file, path.join(blobs, digest.slice('sha256:'.length)));
  const { size } = await stat(path.join(blobs, digest.slice('sha256:'.length)));
  return { digest, size, diffId: plain.digest() };
}

async function writeJson(blobs, value) {
  const text = JSON.stringify(value);
  const hash = createHash('sha256').update(text).digest('hex');
  await writeFile(path.join(blobs, hash), text);
  return { digest: `sha256:${hash}`, size: Buffer.byteLength(text) };
}

function hashing() {
  const hash = createHash('sha256');
  return {
    digest: () => `sha256:${hash.digest('hex')}`,
    stream: new Transform({
      transform(chunk, _encoding, next) {
        hash.update(chunk);
        next(null, chunk);
      },
    }),
  };
}
