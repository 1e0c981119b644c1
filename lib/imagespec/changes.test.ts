import { describe, expect, it } from 'vitest';
import { changedFields, changedLines, type Definition } from './changes';
import type { ImageSpec } from './schema';

const definition = (
  fields: Partial<ImageSpec>,
  rest: Partial<Definition> = {},
): Definition => ({
  fields: { version: 1, name: 'etl', ...fields },
  requirements: null,
  pyproject: null,
  archive: null,
  flytekitVersion: '1.16.31',
  ...rest,
});

const change = (
  field: string,
  removed: string[],
  added: string[],
  note: string | null = null,
) => ({ field, removed, added, note });

describe('changedFields', () => {
  it.each([
    ['nothing', definition({}), definition({}), []],
    [
      'a text',
      definition({ base_image: 'debian:11' }),
      definition({ base_image: 'debian:12' }),
      [change('base_image', ['debian:11'], ['debian:12'])],
    ],
    [
      'a field that was not set',
      definition({}),
      definition({ python_version: '3.12' }),
      [change('python_version', [], ['3.12'])],
    ],
    [
      'entries of a list',
      definition({ packages: ['pandas', 'numpy', 'numpy'] }),
      definition({ packages: ['numpy', 'pandas==2.2'] }),
      [change('packages', ['pandas', 'numpy'], ['pandas==2.2'])],
    ],
    [
      'the order of a list, which is part of the tag',
      definition({ packages: ['a', 'b'] }),
      definition({ packages: ['b', 'a'] }),
      [change('packages', [], [], 'another order')],
    ],
    [
      'an empty list, which is part of the tag',
      definition({}),
      definition({ commands: [] }),
      [change('commands', [], [], 'now written as empty')],
    ],
    [
      'a list that is no longer written as empty',
      definition({ commands: [] }),
      definition({}),
      [change('commands', [], [], 'no longer written as empty')],
    ],
    [
      'a variable',
      definition({ env: [['A', '1']] }),
      definition({ env: [['A', '2']] }),
      [change('env', ['A=1'], ['A=2'])],
    ],
    [
      'the requirements text below the same name',
      definition({ requirements: 'r.txt' }, { requirements: 'one' }),
      definition({ requirements: 'r.txt' }, { requirements: 'two' }),
      [change('requirements', [], [], 'another text')],
    ],
    [
      'flytekit',
      definition({}),
      definition({}, { flytekitVersion: '1.17.0' }),
      [change('flytekit_version', ['1.16.31'], ['1.17.0'])],
    ],
  ])('tells %s', (_, before, after, expected) => {
    expect(changedFields(before, after)).toEqual(expected);
  });

  it('keeps the order of the fields', () => {
    const changes = changedFields(
      definition({}),
      definition({ commands: ['x'], packages: ['y'], name: 'other' }),
    );
    expect(changes.map(({ field }) => field)).toEqual([
      'name',
      'packages',
      'commands',
    ]);
  });
});

describe('changedLines', () => {
  it('counts lines that are there twice', () => {
    expect(changedLines(['a', 'a', 'b'], ['a', 'c'])).toEqual({
      removed: ['a', 'b'],
      added: ['c'],
    });
  });
});
