import { describe, expect, it } from 'vitest';
import { buildHosts } from './hosts';
import type { ImageSpec } from './schema';

const spec = (fields: Partial<ImageSpec>): ImageSpec => ({
  version: 1,
  name: 'etl',
  ...fields,
});

describe('buildHosts', () => {
  it.each<[string, ImageSpec, string[]]>([
    ['no base and no registry', spec({}), ['docker.io']],
    [
      'a base of another registry',
      spec({ base_image: 'quay.io/acme/base:1', registry: 'ghcr.io/acme' }),
      ['quay.io', 'ghcr.io'],
    ],
    [
      'base and target on one host',
      spec({ base_image: 'python:3.12', registry: 'docker.io/acme' }),
      ['docker.io'],
    ],
    [
      'a base that is a spec',
      spec({
        base_image: spec({ registry: 'localhost:5000' }),
        registry: 'ghcr.io/acme',
      }),
      ['localhost:5000', 'ghcr.io'],
    ],
    [
      'a base that cannot be read',
      spec({ base_image: 'https://x', registry: 'ghcr.io' }),
      ['ghcr.io'],
    ],
  ])('%s', (_, given, expected) => {
    expect(buildHosts(given)).toEqual(expected);
  });
});
