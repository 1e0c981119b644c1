import { describe, expect, it } from 'vitest';
import { definitionHash } from './definition-hash';
import { parseImageSpec } from './schema';
import { specTag } from './tag';

describe('definitionHash', () => {
  const spec = parseImageSpec({
    packages: ['pandas'],
    requirements: 'r.txt',
  });
  const options = { files: { 'r.txt': 'numpy\n' } };
  const hash = definitionHash(spec, options);

  it('is a SHA-256', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['requirements', spec, { files: { 'r.txt': 'scipy\n' } }],
    ['a flytekit', spec, { ...options, flytekitVersion: '1.15.0' }],
    ['a team’s uv image', spec, { ...options, uvImage: 'r.example.com/uv' }],
    [
      'a team’s mamba',
      spec,
      { ...options, micromambaImage: 'r.example.com/m' },
    ],
    ['fields', { ...spec, name: 'other' }, options],
    ['a platform', { ...spec, platform: 'linux/arm64' }, options],
  ] as const)('is another for other %s', (_title, other, otherOptions) => {
    expect(definitionHash(other, otherOptions)).not.toBe(hash);
  });

  it('is not changed by CA certificates or by files the spec does not name', () => {
    const more = { files: { ...options.files, 'x.txt': '' } };
    expect(definitionHash(spec, more)).toBe(hash);
    const withCa = { ...options, caCertificates: true };
    expect(definitionHash(spec, withCa)).toBe(hash);
  });

  it('tells apart what one tag cannot: two teams’ helper images', () => {
    const digests = { requirements: 'x' };
    const tag = specTag(spec, digests);
    expect(specTag(spec, digests)).toBe(tag);
    expect(
      definitionHash(spec, { ...options, uvImage: 'a.example.com/uv' }),
    ).not.toBe(
      definitionHash(spec, { ...options, uvImage: 'b.example.com/uv' }),
    );
  });
});
