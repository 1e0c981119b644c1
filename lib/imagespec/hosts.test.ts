import { describe, expect, it } from 'vitest';
import { buildHosts } from './hosts';
import type { ImageSpec } from './schema';

const spec = (fields: Partial<ImageSpec>): ImageSpec => ({
  version: 1,
  name: 'etl',
  ...fields,
});
const mirrored = { uv: 'mirror.example/uv:1', micromamba: 'mirror.example/mm' };
const usual = { uv: null, micromamba: null };

describe('buildHosts', () => {
  it.each<[string, ImageSpec, string[]]>([
    ['no base and no registry', spec({}), ['docker.io', 'mirror.example']],
    [
      'a base of another registry',
      spec({ base_image: 'quay.io/acme/base:1', registry: 'ghcr.io/acme' }),
      ['quay.io', 'mirror.example', 'ghcr.io'],
    ],
    [
      'base and target on one host',
      spec({ base_image: 'python:3.12', registry: 'docker.io/acme' }),
      ['docker.io', 'mirror.example'],
    ],
    [
      'a base that is a spec',
      spec({
        base_image: spec({ registry: 'localhost:5000' }),
        registry: 'ghcr.io/acme',
      }),
      ['localhost:5000', 'mirror.example', 'ghcr.io'],
    ],
    [
      'a base that cannot be read',
      spec({ base_image: 'https://x', registry: 'ghcr.io' }),
      ['mirror.example', 'ghcr.io'],
    ],
  ])('%s', (_, given, expected) => {
    expect(buildHosts(given, mirrored)).toEqual(expected);
  });

  it('of the usual helpers, or of those the spec names', () => {
    const given = spec({ base_image: 'quay.io/acme/base:1' });
    expect(buildHosts(given, usual)).toEqual([
      'quay.io',
      'ghcr.io',
      'docker.io',
    ]);
    const named = spec({
      ...given,
      builder_config: [
        ['uv_image', 'a.example/uv'],
        ['micromamba_image', 'b.example/mm'],
      ],
    });
    expect(buildHosts(named, usual)).toEqual([
      'quay.io',
      'a.example',
      'b.example',
    ]);
  });

  it('without the one for Python where the base has its own', () => {
    const given = spec({
      base_image: 'quay.io/acme/base:1',
      python_exec: '/usr/bin/python',
    });
    expect(buildHosts(given, usual)).toEqual(['quay.io', 'ghcr.io']);
  });
});
