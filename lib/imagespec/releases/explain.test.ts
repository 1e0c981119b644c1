import { describe, expect, it } from 'vitest';
import { pyList, pyStr } from '@/lib/imagespec/python-value';
import { copyMode, fieldsDict, type FlytekitFields } from '@/lib/imagespec/tag';
import { tagsByRelease } from './by-release';
import { explainDifference } from './explain';
import { RELEASE_LINES } from './lines';
import type { ReleaseDigests } from './outcome';
import type { Release } from './release';

const FILES: ReleaseDigests = {
  requirements: 'a',
  unstripped: 'b',
  copy: 'c',
  source: 'd',
  sourceBefore: { '1.10.0': 'e', '1.12.0': 'f', '1.13.6': 'g' },
};
const DOTS = 'Before 1.11.0 a tag ends in two dots.';

function explain(
  from: Release,
  to: Release,
  fields: FlytekitFields = {},
  isArm64 = false,
): string[] {
  const tags = tagsByRelease(fields, FILES, { isArm64 });
  const [one, other] = [from, to].map((since) =>
    tags.find(({ line }) => line.since === since),
  );
  if (!one || !other) throw new Error('There is no such line.');
  return explainDifference(one, other);
}

describe('explainDifference', () => {
  it.each<[Release, Release, FlytekitFields, string[]]>([
    [
      '1.10.0',
      '1.10.3',
      {},
      [
        '1.10.3 added conda_packages, conda_channels and commands, hashed as None where nothing is set.',
      ],
    ],
    [
      '1.10.3',
      '1.10.7',
      {},
      [
        'Before 1.10.7 a builder that is not named is hashed as envd, later as None.',
      ],
    ],
    ['1.10.3', '1.10.7', { builder: pyStr('noop') }, []],
    ['1.10.7', '1.11.0', {}, [DOTS]],
    [
      '1.11.0',
      '1.12.0',
      {},
      [
        '1.12.0 added pip_extra_index_url and tag_format, hashed as None where nothing is set.',
        "Before 1.12.0 a source_root that is not set is hashed as b''.",
      ],
    ],
    [
      '1.13.3',
      '1.13.5',
      { requirements: pyStr('r.txt') },
      [
        'Since 1.13.5 only fields that are set are hashed; before, 18 more stood in the text as None.',
        'Since 1.13.5 white space at the ends of the requirements does not count.',
      ],
    ],
    [
      '1.13.3',
      '1.13.5',
      { base_image: fieldsDict({ name: pyStr('b') }) },
      [
        'Since 1.13.5 only fields that are set are hashed; before, 18 more stood in the text as None.',
        'Before 1.12.0, and in 1.13.5, a base that is a spec is hashed by its fields; otherwise by its image name.',
      ],
    ],
    [
      '1.13.5',
      '1.13.6',
      { source_root: pyStr('src') },
      [
        'Since 1.13.6 source_copy_mode says which files of source_root count.',
        'Since 1.13.6 source_root sets source_copy_mode, which is hashed.',
      ],
    ],
    [
      '1.13.6',
      '1.14.0',
      { source_root: pyStr('src'), source_copy_mode: copyMode('ALL') },
      [
        'Since 1.14.0 the files of source_root are digested in the order of their whole paths.',
      ],
    ],
    [
      '1.15.0',
      '1.15.1',
      {},
      ["1.15.1 and 1.15.2 hash the builder, 'default' here, named or not."],
    ],
    [
      '1.15.3',
      '1.15.1',
      {},
      [
        "1.15.1 and 1.15.2 hash the builder, 'default' here, named or not.",
        'Since 1.15.3 the builder is not hashed.',
      ],
    ],
    [
      '1.15.0',
      '1.15.3',
      { builder: pyStr('envd') },
      ['Since 1.15.3 the builder is not hashed.'],
    ],
    [
      '1.15.0',
      '1.15.1',
      { base_image: fieldsDict({ name: pyStr('b') }) },
      [
        "1.15.1 and 1.15.2 hash the builder, 'default' here, named or not.",
        'The base image has another tag, and its name is part of the text.',
      ],
    ],
    ['1.15.3', '1.16.4', { packages: pyList(['a']) }, []],
    ['1.12.0', '1.16.4', { tag_format: pyStr('latest') }, []],
    ['1.10.0', '1.16.4', { python_exec: pyStr('python') }, []],
  ])('between %s and %s, for %j', (from, to, fields, expected) => {
    expect(explain(from, to, fields)).toEqual(expected);
  });

  it('names the machine', () => {
    const fields = { registry: pyStr('localhost:30000') };
    expect(explain('1.16.0', '1.16.4', fields)).toEqual([]);
    expect(explain('1.16.0', '1.16.4', fields, true)).toEqual([
      'Since 1.16.4 an arm64 machine takes linux/arm64 for a localhost registry.',
    ]);
  });

  it.each<[string, FlytekitFields]>([
    ['defaults', {}],
    ['a builder', { builder: pyStr('envd') }],
    ['requirements', { requirements: pyStr('r.txt') }],
    ['files', { source_root: pyStr('src'), registry_config: pyStr('c.json') }],
    ['a base', { base_image: fieldsDict({ source_root: pyStr('') }) }],
    ['a base text', { base_image: pyStr('debian'), env: pyStr('') }],
    ['a copy', { copy: pyList(['a']) }],
  ])('finds a reason for any two tags that differ: %s', (_, fields) => {
    const tags = tagsByRelease(fields, FILES, { isArm64: true });
    for (const one of tags) {
      for (const other of tags) {
        const [a, b] = [one.outcome, other.outcome];
        if (a.kind !== 'tag' || b.kind !== 'tag') continue;
        expect(explainDifference(one, other).length > 0).toBe(a.tag !== b.tag);
      }
    }
  });
});

describe('RELEASE_LINES', () => {
  it('each say what changed, in a sentence', () => {
    for (const { change } of RELEASE_LINES) expect(change).toMatch(/^\S.*\.$/);
  });
});
