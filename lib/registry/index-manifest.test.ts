import { describe, expect, it } from 'vitest';
import { writeIndex } from './index-manifest';
import { readManifest } from './manifest';
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_INDEX,
  OCI_MANIFEST,
} from './media-types';
import { parsePlatform } from './platform';

const entry = (platform: string, mediaType = OCI_MANIFEST) => ({
  mediaType,
  digest: `sha256:${'a'.repeat(64)}`,
  sizeBytes: 7,
  platform: parsePlatform(platform),
});

describe('writing an index', () => {
  it('names every platform, size and digest, and is read back as it was written', () => {
    const entries = ['linux/amd64', 'linux/arm64', 'linux/arm/v6'].map((one) =>
      entry(one),
    );
    const { bytes, mediaType } = writeIndex(entries);
    expect(mediaType).toBe(OCI_INDEX);
    expect(readManifest(bytes.toString(), mediaType)).toMatchObject({
      kind: 'index',
      children: entries,
    });
  });

  it('writes the variant of arm also where it is the usual one', () => {
    const { manifests } = JSON.parse(
      writeIndex([entry('linux/arm/v7')]).bytes.toString(),
    ) as { manifests: unknown[] };
    expect(manifests).toMatchObject([
      { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
    ]);
  });

  it.each([
    [DOCKER_LIST, [DOCKER_MANIFEST, DOCKER_MANIFEST]],
    [OCI_INDEX, [DOCKER_MANIFEST, OCI_MANIFEST]],
  ])('is a %s of %j', (expected, types) => {
    const made = writeIndex(types.map((type) => entry('linux/amd64', type)));
    expect(made.mediaType).toBe(expected);
    expect(JSON.parse(made.bytes.toString())).toMatchObject({
      mediaType: expected,
    });
  });
});
