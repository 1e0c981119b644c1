import { describe, expect, it } from 'vitest';
import { pyList, pyStr } from '@/lib/imagespec/python-value';
import type { Release } from '@/lib/imagespec/releases/release';
import { copyMode, fieldsDict, type FlytekitFields } from '@/lib/imagespec/tag';
import { digestChoices, digestKind, type DigestKind } from './digest-choices';
import type { Files } from './vector-files';

/** Eight files and three folders: 40,320 × 6 orders where nothing is sorted. */
const MANY = filesOf([
  ...Array.from({ length: 8 }, (_, index) => `src/${index}.py`),
  'src/a/x',
  'src/b/x',
  'src/c/x',
]);
const ALL: FlytekitFields = {
  source_root: pyStr('src'),
  source_copy_mode: copyMode('ALL'),
};

function filesOf(paths: readonly string[], size?: number): Files {
  return new Map(
    paths.map((path, index) => [
      path,
      size === undefined
        ? new TextEncoder().encode(path)
        : new Uint8Array(size).fill(index),
    ]),
  );
}

/** How many choices there are, and how many that differ. */
function count(fields: FlytekitFields, files: Files, kind: DigestKind) {
  const all = [...digestChoices(fields, files, kind)].map((one) =>
    JSON.stringify(one),
  );
  return [all.length, new Set(all).size];
}

describe('digestKind', () => {
  it.each<[Release, DigestKind]>([
    ['1.10.0', '1.10.0'],
    ['1.11.0', '1.10.0'],
    ['1.13.4', '1.12.0'],
    ['1.13.5', '1.13.5'],
    ['1.13.14', '1.13.6'],
    ['1.16.31', '1.14.0'],
  ])('of %s is that of %s', (release, kind) => {
    expect(digestKind(release)).toBe(kind);
  });
});

describe('digestChoices', () => {
  it.each<[DigestKind, number]>([
    ['1.10.0', 2000],
    ['1.12.0', 6],
    ['1.13.5', 6],
    ['1.13.6', 6],
    ['1.14.0', 1],
  ])('gives source_root in %s %i orders, all different', (kind, expected) => {
    expect(count(ALL, MANY, kind)).toEqual([expected, expected]);
  });

  it('tries fewer orders of a large folder', () => {
    const paths = ['src/1', 'src/2', 'src/3', 'src/a/x', 'src/b/x', 'src/c/x'];
    const large = filesOf(paths, 1024 ** 2);
    expect(count(ALL, large, '1.10.0')).toEqual([2, 2]);
    const copied = { copy: pyList(['src']) };
    expect(count(copied, large, '1.14.0')).toEqual([2, 2]);
  });

  it('takes the folders under copy in every order, each entry for itself', () => {
    const fields = { copy: pyList(['src', 'src/a', 'src']) };
    expect(count(fields, MANY, '1.14.0')).toEqual([36, 36]);
  });

  it('asks for the files of a base only where its name is hashed', () => {
    const fields = {
      base_image: fieldsDict({ copy: pyList(['src']) }),
      copy: pyList(['src']),
    };
    expect(count(fields, MANY, '1.13.5')).toEqual([6, 6]);
    expect(count(fields, MANY, '1.13.6')).toEqual([36, 36]);
  });

  it('stops at 2,000 where bases are in each other', () => {
    const inner = { copy: pyList(['src', 'src']) };
    const middle = { ...inner, base_image: fieldsDict(inner) };
    const fields = { ...inner, base_image: fieldsDict(middle) };
    expect(count(fields, MANY, '1.14.0')).toEqual([2000, 2000]);
  });
});
