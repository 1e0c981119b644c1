import { describe, expect, it } from 'vitest';
import { parseImageSpec } from './schema';
import { treeOf } from './testing/trees';
import { copiesSource, sourcePaths } from './tree-source';

const files = (root: string, tree: Record<string, string>) =>
  sourcePaths(treeOf(tree), root).paths;

/** The paths below `src`, with one ignore file there. */
function left(name: string, patterns: string, paths: string[]): string[] {
  const tree = {
    [name]: patterns,
    ...Object.fromEntries(paths.map((path) => [path, ''])),
  };
  return files('/project', tree).filter((path) => path !== name);
}

describe('what is always left out', () => {
  it.each([
    [
      'src',
      [
        'a.pyc',
        '.cache/a',
        'x/.cache/a',
        '__pycache__/a',
        'x/__pycache__/a/b',
        'x/.git/a',
        '.git/a',
        '.gitx',
      ],
      ['.cache/a', '.gitx', 'x/.cache/a'],
    ],
    ['/abs', ['.cache', '.cachex', '__pycache__'], ['.cachex', '__pycache__']],
  ])('of %s', (root, paths, expected) => {
    const below = root.startsWith('/') ? '' : `${root}/`;
    const tree = Object.fromEntries(paths.map((path) => [below + path, '']));
    expect(files(root, tree)).toEqual(expected);
  });
});

describe('.dockerignore', () => {
  it.each<[string, string[], string[]]>([
    ['a', ['a', 'b', 'a/x', 'b/a'], ['b', 'b/a']],
    ['/a/', ['a', 'b/a'], ['b/a']],
    ['*/a', ['a', 'b/a', 'c/b/a'], ['a', 'c/b/a']],
    ['**/a', ['a', 'b/a', 'c/b/a', 'ba'], ['ba']],
    ['a/**', ['a/b/c', 'b'], ['b']],
    ['A?', ['ab', 'a/', 'abc'].filter((path) => !path.endsWith('/')), ['abc']],
    ['*.md\n!keep.md', ['a.md', 'keep.md'], ['keep.md']],
    ['!keep.md\n*.md', ['a.md', 'keep.md'], []],
    ['# a\n\n a ', ['a', '# a'], ['# a']],
    ['a\r\nb\r', ['a', 'b', 'c'], ['c']],
    ['x/../a/./b', ['a/b', 'x'], ['x']],
    ['..', ['a'], ['a']],
    ['[ab]', ['a', 'b', 'c'], ['c']],
    ['[!ab]', ['a', 'c'], ['a']],
    ['[]x]', [']', 'x', 'a'], ['a']],
    ['[a', ['[a', 'a'], ['a']],
    ['[a-c]d', ['bd', 'dd'], ['dd']],
    ['GRÖSSE', ['größe', 'grösse'], ['größe']],
  ])('%j of %j', (patterns, paths, expected) => {
    expect(left('.dockerignore', patterns, paths)).toEqual(expected);
  });

  it('stays itself, whatever it says', () => {
    expect(files('/p', { '.dockerignore': '*', a: '' })).toEqual([
      '.dockerignore',
    ]);
  });

  it('does not match from the start of a path when source_root is relative', () => {
    const tree = {
      'src/.dockerignore': 'secret\n**/hidden\n',
      'src/secret': '',
      'src/x/hidden': '',
    };
    expect(files('src', tree)).toEqual(['.dockerignore', 'secret']);
    expect(sourcePaths(treeOf(tree), 'src').notIgnored).toEqual(['secret']);
    expect(sourcePaths(treeOf(tree), 'src').paths).toContain('secret');
  });

  it.each([
    ['[b-a]', 'backwards'],
    ['\0\ufffd', ''],
  ])('%j', (patterns, message) => {
    const read = () => files('/p', { '.dockerignore': patterns, a: '' });
    if (message) expect(read).toThrow(message);
    else expect(read()).toContain('a');
  });

  it('must be text', () => {
    const tree = new Map([
      ['.dockerignore', { bytes: new Uint8Array([0xff]), isExecutable: false }],
    ]);
    expect(() => sourcePaths(tree, '/p')).toThrow('not UTF-8');
  });
});

describe('.gitignore', () => {
  it.each<[string, string[], string[]]>([
    ['a', ['a', 'b/a', 'a/b', 'c'], ['c']],
    ['/a', ['a', 'b/a'], ['b/a']],
    ['a/', ['a', 'b/a/c'], ['a']],
    ['b/a', ['b/a', 'c/b/a'], ['c/b/a']],
    [
      '*.log\n!keep.log',
      ['a.log', 'keep.log', 'x/keep.log'],
      ['keep.log', 'x/keep.log'],
    ],
    ['x\n!x/keep', ['x/keep', 'y'], ['y']],
    ['**/a', ['a', 'x/y/a'], []],
    ['x/**/a', ['x/a', 'x/y/z/a', 'a'], ['a']],
    ['x/**', ['x/a/b', 'a'], ['a']],
    ['x/*', ['x/a', 'x/b/c', 'y/x/a'], ['y/x/a']],
    ['# a\n\\#b\n\\!c', ['# a', '#b', '!c'], ['# a']],
    ['a \nb\\ \nc\r', ['a', 'b ', 'b', 'c'], ['b']],
    ['[a-c]\n[!a-x]y', ['b', 'd', 'zy', 'ay'], ['ay', 'd']],
    ['[[:digit:]]x\n[[:nope:]]', ['1x', 'ax', 'n'], ['ax', 'n']],
    ['[]-]', [']', '-', 'a'], ['a']],
    ['[a\\-z]', ['-', 'b', 'z'], ['b']],
    ['a?b', ['axb', 'a/b'], ['a/b']],
    ['a\\', ['a', 'a\\'], ['a', 'a\\']],
    ['[a', ['[a', 'a'], ['[a', 'a']],
    ['ä', ['ä', 'a'], ['a', 'ä']],
    ['\ufeffa', ['a'], []],
  ])('%j of %j', (patterns, paths, expected) => {
    expect(left('.gitignore', patterns, paths)).toEqual(expected);
  });

  it('is read in every folder, the nearest first, but not in an ignored one', () => {
    const tree = {
      '.gitignore': '*.log\nout/\n',
      'src/.gitignore': '!keep.log\n',
      'src/a.log': '',
      'src/keep.log': '',
      'src/out/.gitignore': '!*\n',
      'src/out/b': '',
      'src/c': '',
    };
    // "." is a relative folder whose names git lists alike.
    expect(files('.', tree)).toEqual([
      '.gitignore',
      'src/.gitignore',
      'src/c',
      'src/keep.log',
    ]);
    // Names below "src" begin with it, so that git's never fit.
    expect(files('src', tree)).toContain('a.log');
    expect(sourcePaths(treeOf(tree), '.').gitIgnored).toEqual([
      'src/a.log',
      'src/out/.gitignore',
      'src/out/b',
    ]);
  });
});

it('bounds what hostile patterns cost', () => {
  const tree = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [
      `${'a'.repeat(200)}${index}`,
      '',
    ]),
  );
  const patterns = `${'*a'.repeat(100)}b1\n`.repeat(50);
  expect(() =>
    files('/p', { ...tree, '.gitignore': patterns.replaceAll('b1', '?') }),
  ).toThrow('too costly');
});

describe('copiesSource', () => {
  it.each<[object, boolean]>([
    [{}, false],
    [{ source_root: 'src', source_copy_mode: 'NO_COPY' }, false],
    [{ source_copy_mode: 'NO_COPY' }, false],
    [{ source_root: 'src', source_copy_mode: 'ALL' }, true],
  ])('%j: %s', (spec, expected) => {
    expect(copiesSource(parseImageSpec(spec))).toBe(expected);
  });

  it.each([
    [{ source_root: 'src' }, 'source_copy_mode', 'runs no code'],
    [
      { source_root: 'src', source_copy_mode: 'LOADED_MODULES' },
      'source_copy_mode',
      'runs no code',
    ],
    [{ source_copy_mode: 'ALL' }, 'source_root', 'Set source_root'],
    [
      { source_root: '', source_copy_mode: 'ALL' },
      'source_root',
      'Set source_root',
    ],
  ])('refuses %j at %s', (spec, field, message) => {
    expect(() => copiesSource(parseImageSpec(spec))).toThrow(
      expect.objectContaining({
        fields: { [field]: expect.stringContaining(message) as string },
      }),
    );
  });
});
