import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELD_ORDER } from '@/lib/imagespec/fields';
import {
  pyDict,
  pyList,
  pyNone,
  pyStr,
  type PyValue,
} from '@/lib/imagespec/python-value';
import {
  copyMode,
  fieldsDict,
  fieldsTag,
  type FlytekitFields,
} from '@/lib/imagespec/tag';
import { tagsByRelease } from './by-release';
import type { Machine, ReleaseDigests } from './outcome';
import { fieldSince, isBefore, readRelease, type Release } from './release';

describe('tagsByRelease', () => {
  it('gives every line the tag of the vectors for a spec of defaults', () => {
    expect(shortTags({})).toEqual([
      '1.10.0 tNd5j280UYpDevMHifSbfA..',
      '1.10.3 qEm5W1Lw_wus81cfFpYd7g..',
      '1.10.7 jzqji79RpIpKk9ZtKGiF4g..',
      '1.11.0 jzqji79RpIpKk9ZtKGiF4g',
      '1.12.0 _DwSBJi3SGV_7UawiTVong',
      '1.13.1 a8TyQyvt_6NAJoGnLBAF2g',
      '1.13.3 a8TyQyvt_6NAJoGnLBAF2g',
      '1.13.5 fv8aVGdGU6GT1t5W98ZQPA',
      '1.13.6 fv8aVGdGU6GT1t5W98ZQPA',
      '1.14.0 fv8aVGdGU6GT1t5W98ZQPA',
      '1.15.0 fv8aVGdGU6GT1t5W98ZQPA',
      '1.15.1 QzUL8DSHKoXUzKJb9m2L9Q',
      '1.15.3 fv8aVGdGU6GT1t5W98ZQPA',
      '1.15.4 fv8aVGdGU6GT1t5W98ZQPA',
      '1.16.0 fv8aVGdGU6GT1t5W98ZQPA',
      '1.16.4 fv8aVGdGU6GT1t5W98ZQPA',
    ]);
  });

  it.each<[string, FlytekitFields, Release, string, string]>([
    [
      'a field that is not there yet',
      { commands: pyList(['make']) },
      '1.10.0',
      'refused',
      'flytekit 1.10.0 has no commands; it came with 1.10.3.',
    ],
    [
      'a registry with a scheme',
      { registry: pyStr('https://ghcr.io') },
      '1.13.6',
      'refused',
      'no scheme',
    ],
    [
      'packages that are a text',
      { packages: pyStr('pandas') },
      '1.13.3',
      'refused',
      'a list of texts',
    ],
    [
      'requirements without their digest',
      { requirements: pyStr('r.txt') },
      '1.10.0',
      'unknown',
      'content of requirements',
    ],
    [
      'the loaded modules',
      { source_root: pyStr('src') },
      '1.14.0',
      'unknown',
      'only that program knows them',
    ],
    [
      'a folder whose order is the disk’s',
      { source_root: pyStr('src'), source_copy_mode: copyMode('ALL') },
      '1.13.6',
      'unknown',
      'the order in which the disk lists its files',
    ],
    [
      'a folder of the oldest releases',
      { source_root: pyStr('src') },
      '1.10.0',
      'unknown',
      'the order in which the disk lists its files',
    ],
    [
      'a copy mode without its folder',
      { source_copy_mode: copyMode('ALL') },
      '1.16.4',
      'refused',
      'Set source_root',
    ],
    [
      'a tag_format that Python cannot format',
      { tag_format: pyStr('{hash}') },
      '1.12.0',
      'refused',
      'the only field is {spec_hash}',
    ],
    [
      'a fault of the base image',
      { base_image: fieldsDict({ copy: pyList(['a']) }) },
      '1.13.6',
      'unknown',
      'In the base image: The tag depends on the content of copy',
    ],
    [
      'a base image with a field that is not there yet',
      { base_image: fieldsDict({ python_exec: pyStr('python') }) },
      '1.14.0',
      'refused',
      'flytekit 1.14.0 has no python_exec',
    ],
  ])('says of %s why there is no tag', (_, fields, since, kind, reason) => {
    const outcome = outcomeAt(since, fields);
    expect(outcome?.kind).toBe(kind);
    expect(outcome).toHaveProperty('reason', expect.stringContaining(reason));
  });

  it('takes requirements with their white space before 1.13.5', () => {
    const fields = { requirements: pyStr('r.txt') };
    const digests = { requirements: 'stripped', unstripped: 'whole' };
    const textAt = (since: Release) => {
      const outcome = outcomeAt(since, fields, digests);
      return outcome?.kind === 'tag'
        ? outcome.hashed.find(({ field }) => field === 'requirements')?.text
        : undefined;
    };
    expect(textAt('1.13.3')).toBe("'whole'");
    expect(textAt('1.13.5')).toBe("'stripped'");
  });

  it('takes arm64 for a localhost registry on such a machine since 1.16.4', () => {
    const fields = { registry: pyStr('localhost:30000') };
    const [arm, intel] = [true, false].map((isArm64) =>
      shortTags(fields, {}, { isArm64 }),
    );
    expect(arm?.slice(0, -1)).toEqual(intel?.slice(0, -1));
    expect(arm?.at(-1)).not.toBe(intel?.at(-1));
  });

  it('agrees in its newest line with the tag of today, for any fields', () => {
    fc.assert(
      fc.property(anyFields, (fields) => {
        const digests = { requirements: 'r', copy: 'c', source: 's' };
        const newest = tagsByRelease(fields, digests).at(-1)?.outcome;
        if (newest?.kind !== 'tag') throw new Error(newest?.reason);
        expect(newest.tag).toBe(fieldsTag(fields, digests));
      }),
      { numRuns: 300 },
    );
  });
});

describe('releases', () => {
  it.each<[Release, Release, boolean]>([
    ['1.9.9', '1.10.0', true],
    ['1.10.0', '1.10.0', false],
    ['1.13.10', '1.13.9', false],
    ['2.0.0', '1.16.4', false],
  ])('%s is before %s: %s', (one, other, expected) => {
    expect(isBefore(one, other)).toBe(expected);
  });

  it.each([
    ['1.16.24', '1.16.24'],
    ['1.13.6b2', '1.13.6'],
    ['v1.2.3', undefined],
    ['1.2', undefined],
  ])('reads %s as %s', (text, expected) => {
    expect(readRelease(text)).toBe(expected);
  });

  it('know 15 fields in 1.10.0 and all 29 in 1.16.0', () => {
    const known = (release: Release) =>
      FIELD_ORDER.filter((field) => !isBefore(release, fieldSince(field)));
    expect(known('1.10.0')).toHaveLength(15);
    expect(known('1.16.0')).toHaveLength(29);
  });
});

function outcomeAt(
  since: Release,
  fields: FlytekitFields,
  digests: ReleaseDigests = {},
) {
  return tagsByRelease(fields, digests).find(({ line }) => line.since === since)
    ?.outcome;
}

function shortTags(
  fields: FlytekitFields,
  digests: ReleaseDigests = {},
  machine?: Machine,
): string[] {
  return tagsByRelease(fields, digests, machine).map(
    ({ line, outcome }) =>
      `${line.since} ${outcome.kind === 'tag' ? outcome.tag : outcome.reason}`,
  );
}

const text = fc.string({ unit: 'binary' }).map(pyStr);
const list: fc.Arbitrary<PyValue> = fc
  .array(fc.string({ unit: 'binary' }))
  .map(pyList);
const plain = {
  name: text,
  python_version: fc.oneof(text, fc.constant(pyNone)),
  builder: text,
  env: fc
    .uniqueArray(fc.tuple(fc.string(), fc.string()), {
      selector: ([key]) => key,
    })
    .map(pyDict),
  registry: fc.constantFrom(pyStr(''), pyStr('GHCR.io/Acme'), pyNone),
  packages: list,
  requirements: fc.constantFrom(pyStr(''), pyStr('r.txt')),
  platform: fc.oneof(text, fc.constant(pyNone)),
  registry_config: text,
  tag_format: fc.constantFrom(pyStr(''), pyStr('{spec_hash:.8}')),
  source_root: fc.constant(pyStr('src')),
  source_copy_mode: fc.constantFrom(copyMode('ALL'), copyMode('NO_COPY')),
  copy: list,
  runtime_packages: list,
};
const anyFields: fc.Arbitrary<FlytekitFields> = fc
  .tuple(
    fc.record(plain, { requiredKeys: ['source_root'] }),
    fc.option(fc.record({ name: text, env: plain.env })),
  )
  .map(([fields, base]) => ({
    ...fields,
    ...(base ? { base_image: fieldsDict(base) } : {}),
  }));
