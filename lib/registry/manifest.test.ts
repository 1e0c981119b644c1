import { describe, expect, it } from 'vitest';
import {
  configPlatform,
  type ImageIndex,
  type ImageManifest,
  inventoryImage,
  readConfig,
  readManifest,
  selectChild,
} from './manifest';
import {
  DOCKER_CONFIG,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
} from './media-types';
import { formatPlatform, parsePlatform, platformFit } from './platform';

const digest = (char: string) => `sha256:${char.repeat(64)}`;
const blob = (char: string, mediaType: string) => ({
  mediaType,
  digest: digest(char),
  size: 10,
});
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';
const image = {
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: blob('c', OCI_CONFIG),
  layers: [blob('1', layerType), blob('2', layerType)],
};
const child = (
  char: string,
  os: string,
  architecture: string,
  more: object = {},
) => ({
  ...blob(char, OCI_MANIFEST),
  platform: { os, architecture },
  ...more,
});

describe('readManifest', () => {
  it.each([
    ['an OCI image', image, OCI_MANIFEST, 'image'],
    [
      'an image whose body leaves out its type',
      { ...image, mediaType: undefined },
      `${OCI_MANIFEST}; charset=utf-8`,
      'image',
    ],
    [
      'an image that a static host calls JSON',
      { ...image, mediaType: undefined },
      'application/json',
      'image',
    ],
    [
      'a Docker image',
      {
        ...image,
        mediaType: DOCKER_MANIFEST,
        config: blob('c', DOCKER_CONFIG),
      },
      DOCKER_MANIFEST,
      'image',
    ],
    [
      'an image with null annotations',
      { ...image, annotations: null },
      OCI_MANIFEST,
      'image',
    ],
    [
      'an image without layers',
      { ...image, layers: [] },
      OCI_MANIFEST,
      'image',
    ],
    [
      'an OCI index',
      { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] },
      OCI_INDEX,
      'index',
    ],
    [
      'a Docker list',
      { schemaVersion: 2, manifests: [child('a', 'linux', 'amd64')] },
      DOCKER_LIST,
      'index',
    ],
    [
      'a Helm chart',
      {
        ...image,
        config: blob('c', 'application/vnd.cncf.helm.config.v1+json'),
      },
      OCI_MANIFEST,
      'artifact',
    ],
    [
      'an SBOM with artifactType',
      { ...image, artifactType: 'application/spdx+json' },
      OCI_MANIFEST,
      'artifact',
    ],
    [
      'an unknown manifest type',
      { schemaVersion: 2, mediaType: 'application/x-other' },
      'application/x-other',
      'artifact',
    ],
    [
      'a signed schema 1 manifest',
      { schemaVersion: 1 },
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      'schema1',
    ],
    ['text/plain', { schemaVersion: 1 }, 'text/plain', 'schema1'],
    [
      'schema 1 by its body',
      { schemaVersion: 1 },
      'application/json',
      'schema1',
    ],
    ['a body that contradicts its header', image, OCI_INDEX, 'invalid'],
    [
      'a body that is both index and image',
      { ...image, manifests: [] },
      OCI_MANIFEST,
      'invalid',
    ],
    [
      'a digest that is none',
      {
        ...image,
        config: { ...blob('c', OCI_CONFIG), digest: 'sha256:../../etc' },
      },
      OCI_MANIFEST,
      'invalid',
    ],
    [
      'a negative size',
      { ...image, config: { ...blob('c', OCI_CONFIG), size: -1 } },
      OCI_MANIFEST,
      'invalid',
    ],
    [
      'an image without config',
      { ...image, config: undefined },
      OCI_MANIFEST,
      'invalid',
    ],
    ['an array', [], OCI_MANIFEST, 'invalid'],
  ])('reads %s', (_, body, contentType, kind) => {
    expect(readManifest(JSON.stringify(body), contentType).kind).toBe(kind);
  });

  it('calls what is not JSON invalid', () => {
    expect(readManifest('<html>', 'text/html').kind).toBe('invalid');
  });

  it('sets attestations and artifacts of an index apart', () => {
    const index = readManifest(
      JSON.stringify({
        schemaVersion: 2,
        manifests: [
          child('a', 'linux', 'amd64'),
          child('b', 'unknown', 'unknown'),
          child('c', 'linux', 'amd64', {
            annotations: {
              'vnd.docker.reference.type': 'attestation-manifest',
            },
          }),
          { ...blob('d', OCI_MANIFEST), artifactType: 'application/spdx+json' },
          blob('e', OCI_INDEX),
        ],
      }),
      OCI_INDEX,
    ) as ImageIndex;
    expect(index.children.map((one) => one.digest)).toEqual([
      digest('a'),
      digest('e'),
    ]);
    expect(index.extras.map((one) => one.digest)).toEqual([
      digest('b'),
      digest('c'),
      digest('d'),
    ]);
  });
});

describe('platforms', () => {
  it.each([
    ['linux/amd64', 'linux/amd64', true],
    ['linux/amd64', 'linux/x86_64', true],
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm', 'linux/arm/v6', true],
    ['linux/arm/v6', 'linux/arm/v7', false],
    ['linux/amd64/v3', 'linux/amd64', true],
    ['linux/amd64', 'linux/amd64/v3', false],
    ['linux/amd64', 'windows/amd64', false],
    ['linux/amd64', 'linux/arm64', false],
  ])('a %s machine runs a %s image: %s', (machine, offered, runs) => {
    expect(
      platformFit(parsePlatform(machine), parsePlatform(offered)) > 0,
    ).toBe(runs);
  });

  it('writes the default variant as none', () => {
    expect(formatPlatform(parsePlatform('linux/arm64/v8'))).toBe('linux/arm64');
    expect(formatPlatform(parsePlatform('linux/arm/v6'))).toBe('linux/arm/v6');
  });

  it.each(['', 'linux', 'linux/', 'linux/amd64/v1/x', 'Linux/amd64'])(
    'refuses %j',
    (text) => {
      expect(() => parsePlatform(text)).toThrow('linux/amd64');
    },
  );

  it('prefers the closest variant of an index', () => {
    const index: ImageIndex = {
      kind: 'index',
      mediaType: OCI_INDEX,
      subject: null,
      artifactType: null,
      annotations: {},
      extras: [],
      children: ['linux/arm/v5', 'linux/arm/v6', 'linux/arm64'].map(
        (platform, position) => ({
          digest: digest(String(position)),
          sizeBytes: 1,
          mediaType: OCI_MANIFEST,
          platform: parsePlatform(platform),
          attests: null,
        }),
      ),
    };
    expect(selectChild(index, parsePlatform('linux/arm/v7'))?.digest).toBe(
      digest('1'),
    );
    expect(selectChild(index, parsePlatform('linux/arm64'))?.digest).toBe(
      digest('2'),
    );
    expect(selectChild(index, parsePlatform('linux/riscv64'))).toBeNull();
  });
});

describe('inventoryImage', () => {
  const manifest = readManifest(
    JSON.stringify(image),
    OCI_MANIFEST,
  ) as ImageManifest;
  const body = {
    os: 'linux',
    architecture: 'arm64',
    variant: 'v8',
    created: '2026-01-02T03:04:05Z',
    config: {
      User: 'flytekit',
      WorkingDir: '/root',
      Env: ['A=1'],
      Entrypoint: ['sh'],
      Cmd: null,
      Labels: { a: 'b' },
    },
    history: [
      { created_by: 'ADD base' },
      { created_by: 'ENV A=1', empty_layer: true },
      { created_by: 'RUN pip install' },
    ],
  };

  it('joins each layer with the instruction that made it', () => {
    const config = readConfig(JSON.stringify(body));
    if (!config) throw new Error('The config was not read.');
    const inventory = inventoryImage(manifest, config);
    expect(inventory.layers.map((layer) => layer.createdBy)).toEqual([
      'ADD base',
      'RUN pip install',
    ]);
    expect(inventory).toMatchObject({
      platform: { os: 'linux', architecture: 'arm64' },
      configDigest: digest('c'),
      sizeBytes: 20,
      created: '2026-01-02T03:04:05Z',
      labels: { a: 'b' },
      entrypoint: ['sh'],
      command: [],
      user: 'flytekit',
      workdir: '/root',
      env: ['A=1'],
    });
  });

  it('names no instructions when history and layers do not agree', () => {
    const config = readConfig(
      JSON.stringify({ ...body, history: [{ created_by: 'one' }] }),
    );
    if (!config) throw new Error('The config was not read.');
    expect(
      inventoryImage(manifest, config).layers.map((layer) => layer.createdBy),
    ).toEqual([null, null]);
  });

  it('reads no config from what is none', () => {
    expect(readConfig('[1]')).toBeNull();
    expect(readConfig('<html>')).toBeNull();
    const empty = readConfig('{}');
    expect(empty && configPlatform(empty)).toBeNull();
  });
});
