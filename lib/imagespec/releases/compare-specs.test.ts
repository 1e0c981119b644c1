import { describe, expect, it } from 'vitest';
import { pyDict, pyList, pyStr } from '@/lib/imagespec/python-value';
import { copyMode, fieldsDict, type FlytekitFields } from '@/lib/imagespec/tag';
import { compareSpecs, type HashedSpec } from './compare-specs';
import type { ReleaseDigests } from './outcome';
import { releaseTag } from './release-tag';

function spec(
  fields: FlytekitFields,
  digests: ReleaseDigests = {},
): HashedSpec {
  const outcome = releaseTag('1.16.24', fields, digests, { isArm64: false });
  if (outcome.kind !== 'tag') throw new Error(outcome.reason);
  return { fields, hashed: outcome.hashed };
}

describe('compareSpecs', () => {
  it.each<[string, HashedSpec, HashedSpec, string]>([
    [
      'a field of one',
      spec({ cuda: pyStr('12') }),
      spec({}),
      'Only one of them sets cuda.',
    ],
    [
      'an empty list',
      spec({}),
      spec({ packages: pyList([]) }),
      'packages is empty in one and left out in the other; an empty value is hashed.',
    ],
    [
      'an order',
      spec({ packages: pyList(['a', 'b']) }),
      spec({ packages: pyList(['b', 'a']) }),
      'packages has the same entries in another order.',
    ],
    [
      'an order of keys',
      spec({
        env: pyDict([
          ['A', '1'],
          ['B', '2'],
        ]),
      }),
      spec({
        env: pyDict([
          ['B', '2'],
          ['A', '1'],
        ]),
      }),
      'env has the same entries in another order.',
    ],
    [
      'a number',
      spec({ python_version: pyStr('3.11') }),
      spec({ python_version: { type: 'float', value: 3.11 } }),
      'python_version is text in one and a number with a point in the other.',
    ],
    [
      'a file',
      spec({ requirements: pyStr('r.txt') }, { requirements: 'a' }),
      spec({ requirements: pyStr('r.txt') }, { requirements: 'b' }),
      'The files that requirements names have different content.',
    ],
    [
      'a base',
      spec({ base_image: fieldsDict({ name: pyStr('a') }) }),
      spec({ base_image: fieldsDict({ name: pyStr('b') }) }),
      'Their base images are specs with different image names.',
    ],
    [
      'a base that is a spec',
      spec({ base_image: fieldsDict({ name: pyStr('a') }) }),
      spec({ base_image: pyStr('debian') }),
      'The base image is a spec in one of them only.',
    ],
    [
      'a value',
      spec({ registry: pyStr('ghcr.io/a') }),
      spec({ registry: pyStr('ghcr.io/b') }),
      'registry differs.',
    ],
  ])('names %s', (_, one, other, why) => {
    const found = compareSpecs(one, other);
    expect(found.map((difference) => difference.why)).toEqual([why]);
    const [first] = found;
    expect(first?.one).not.toBe(first?.other);
  });

  it('tells apart files and a path', () => {
    const all = spec(
      { source_root: pyStr('src'), source_copy_mode: copyMode('ALL') },
      { source: 'a' },
    );
    const none = spec({
      source_root: pyStr('src'),
      source_copy_mode: copyMode('NO_COPY'),
    });
    expect(compareSpecs(all, none)).toEqual([
      {
        field: 'source_root',
        one: "'a'",
        other: "'src'",
        why: 'source_root is hashed by its files in one, as it is written in the other.',
      },
      {
        field: 'source_copy_mode',
        one: '<CopyFileDetection.ALL: 2>',
        other: '<CopyFileDetection.NO_COPY: 3>',
        why: 'source_copy_mode differs.',
      },
    ]);
  });

  it('finds nothing where only what is not hashed differs', () => {
    const one = spec({ name: pyStr('A'), builder: pyStr('envd') });
    expect(compareSpecs(one, spec({ name: pyStr('a') }))).toEqual([]);
  });
});
