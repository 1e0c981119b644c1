import { describe, expect, it } from 'vitest';
import { definitionHash } from './definition-hash';
import { parseImageSpec } from './schema';
import { specTag } from './tag';
import { treeOf } from './testing/trees';

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

  it('is what it was before specs could copy and nest, so that stored revisions keep theirs', () => {
    expect(hash).toBe(
      '1a7a21bfc5c49e30e4540d0e8e90def83c4846ba7d81dfa9858af80852548b1e',
    );
  });

  const copying = parseImageSpec({
    copy: ['data'],
    source_root: 'src',
    source_copy_mode: 'ALL',
  });
  const project = {
    'data/a': '1',
    'src/a.py': '2',
    'src/b.sh': '#!',
    other: '',
  };
  const ofProject = (files: Record<string, string>) =>
    definitionHash(copying, { tree: treeOf(files) });

  it.each([
    ['a copied file', { ...project, 'data/a': '2' }],
    [
      'the name of a copied file',
      { 'data/b': '1', 'src/a.py': '2', 'src/b.sh': '#!', other: '' },
    ],
    ['a file of the code', { ...project, 'src/a.py': '3' }],
    ['what may be run', { ...project, 'src/b.sh': '!!' }],
  ])('is another for %s', (_title, files) => {
    expect(ofProject(files)).not.toBe(ofProject(project));
  });

  it('is the same for another order of files, or for files that nothing copies', () => {
    const turned = Object.fromEntries(Object.entries(project).reverse());
    expect(ofProject(turned)).toBe(ofProject(project));
    expect(ofProject({ ...project, other: 'x' })).toBe(ofProject(project));
  });

  it('needs the project, also where a preview does not', () => {
    expect(() => definitionHash(copying, { treePaths: null })).toThrow(
      'Upload',
    );
  });

  const lock = parseImageSpec({ requirements: 'uv.lock' });
  const ofLock = (uv: string, pyproject: string) =>
    definitionHash(lock, {
      files: { 'uv.lock': uv, 'pyproject.toml': pyproject },
    });

  it('covers a lock file and its pyproject.toml', () => {
    expect(
      new Set([ofLock('a', 'b'), ofLock('c', 'b'), ofLock('a', 'c')]).size,
    ).toBe(3);
  });

  it('covers what a base is asked for, not which image it became', () => {
    const nested = (base: object, baseImage?: string) =>
      definitionHash(
        parseImageSpec({ base_image: base }),
        baseImage ? { baseImage } : {},
      );
    const base = { name: 'base' };
    expect(nested(base, 'a@sha256:' + '0'.repeat(64))).toBe(nested(base));
    expect(nested({ ...base, apt_packages: ['git'] })).not.toBe(nested(base));
  });

  it.each([
    ['pip_index', { pip_index: 'https://a.example.com' }],
    ['pip_secret_mounts', { pip_secret_mounts: [['a', '/b']] }],
    ['conda_packages', { conda_packages: ['a'] }],
    ['entrypoint', { entrypoint: [] }],
    ['runtime_packages', { runtime_packages: ['a'] }],
    ['builder', { builder: 'default' }],
  ])('covers %s', (_field, more) => {
    expect(
      definitionHash(parseImageSpec({ ...spec, ...more }), options),
    ).not.toBe(hash);
  });
});
