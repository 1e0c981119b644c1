import { describe, expect, it } from 'vitest';
import { copyDigest, sourceDigest, treeDigest } from './digests';
import { treeOf } from './testing/trees';

const tree = treeOf({
  'data/b.csv': 'b',
  'data/a.csv': 'a',
  'data/deep/Z.txt': 'z',
  'data/😀': 'smile',
  'data/\uffff': 'last of the plane',
  'one.bin': '1',
});
const of = (...files: [path: string, text: string][]) =>
  treeDigest(
    files.map(([path, text]) => ({
      path,
      bytes: new TextEncoder().encode(text),
    })),
  );
const NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';

describe('copyDigest', () => {
  const data = [
    ['a.csv', 'a'],
    ['b.csv', 'b'],
    ['\uffff', 'last of the plane'],
    ['😀', 'smile'],
    ['deep/Z.txt', 'z'],
  ] satisfies [string, string][];

  it.each<[string, string[], [string, string][]]>([
    ['a file, by its own name', ['./data/a.csv'], [['a.csv', 'a']]],
    ['a folder: its files by code point, then its folders', ['data'], data],
    ['a folder, however it is written', ['./data//./'], data],
    [
      'entries in their order',
      ['one.bin', 'data/deep'],
      [
        ['one.bin', '1'],
        ['Z.txt', 'z'],
      ],
    ],
    [
      'an entry twice',
      ['one.bin', 'one.bin'],
      [
        ['one.bin', '1'],
        ['one.bin', '1'],
      ],
    ],
    [
      'the whole project',
      ['.'],
      [
        ['one.bin', '1'],
        ...data.map(([path, text]): [string, string] => [`data/${path}`, text]),
      ],
    ],
    ['nothing for what is missing', ['no', 'data/no'], []],
    ['nothing for an empty path', [''], []],
    [
      'nothing for a file that is written as a folder',
      ['one.bin/', 'one.bin/.'],
      [],
    ],
  ])('%s', (_title, copy, files) => {
    expect(copyDigest(tree, copy)).toBe(of(...files));
  });

  it('joins the names of folders, so that two trees may agree', () => {
    expect(copyDigest(treeOf({ 'd/a/bc': 'x' }), ['d'])).toBe(
      copyDigest(treeOf({ 'd/ab/c': 'x' }), ['d']),
    );
  });

  it('does not hash one file for ever', () => {
    const big = { bytes: new Uint8Array(4 * 1024 ** 2), isExecutable: false };
    expect(() =>
      copyDigest(new Map([['a', big]]), Array<string>(500).fill('a')),
    ).toThrow('more than 512 MiB');
  });
});

describe('sourceDigest', () => {
  it('takes the files by their whole path', () => {
    const project = treeOf({ 'src/a/b': '1', 'src/a.b': '2', 'src/a b': '3' });
    expect(sourceDigest(project, 'src')).toBe(
      of(['a b', '3'], ['a.b', '2'], ['a/b', '1']),
    );
  });

  it('is that of nothing when all is ignored', () => {
    expect(sourceDigest(treeOf({ 'src/x.pyc': '1' }), 'src')).toBe(NOTHING);
  });

  it.each([
    ['missing', 'no folder “missing”'],
    ['src/a.py', 'no folder “src/a.py”'],
    ['../up', 'leaves the project'],
  ])('refuses %s', (root, message) => {
    expect(() => sourceDigest(treeOf({ 'src/a.py': '' }), root)).toThrow(
      message,
    );
  });
});
