import { describe, expect, it } from 'vitest';
import {
  differingFields,
  followForm,
  hasMore,
  isBehind,
  openSide,
  readSide,
} from './code-side';
import { parseImageSpec } from '@/lib/imagespec/schema';

const spec = parseImageSpec({ name: 'train', packages: ['pandas'] });
const other = parseImageSpec({ name: 'train', packages: ['numpy'] });

describe.each(['python', 'yaml'] as const)('a side in %s', (language) => {
  it('opens with the spec printed, or empty', () => {
    expect(openSide(language, spec)).toMatchObject({
      spec,
      seen: spec,
      problems: [],
    });
    expect(openSide(language, spec).text).toContain('pandas');
    expect(openSide(language, null)).toMatchObject({
      text: '',
      spec: null,
      seen: null,
    });
  });

  it('reads what is typed and stays as typed when the form follows', () => {
    const open = openSide(language, spec);
    const typed = readSide(
      open,
      `# mine\n${open.text.replace('pandas', 'numpy')}`,
    );
    expect(typed.spec).toEqual(other);
    expect(isBehind(typed, other)).toBe(true);
    const followed = followForm(typed, other);
    expect(followed.text).toBe(typed.text);
    expect(isBehind(followed, other)).toBe(false);
    expect(hasMore(followed)).toBe(true);
    expect(hasMore(open)).toBe(false);
  });

  it('is printed anew when the form means something else', () => {
    const typed = readSide(openSide(language, spec), 'x = [');
    expect(typed.spec).toBeNull();
    expect(typed.problems).not.toEqual([]);
    const followed = followForm(typed, other);
    expect(followed).toMatchObject({ spec: other, problems: [] });
    expect(followed.text).toBe(openSide(language, other).text);
  });

  it('keeps a broken text while the form stays as it is', () => {
    const typed = readSide(openSide(language, spec), 'x = [');
    expect(isBehind(typed, parseImageSpec({ ...spec }))).toBe(false);
    expect(isBehind(typed, null)).toBe(false);
  });

  it('shows the warnings of what it printed', () => {
    const float = parseImageSpec({
      python_version: { type: 'float', value: 3.1 },
    });
    expect(openSide(language, float).problems).toEqual([
      expect.objectContaining({ severity: 'warning' }),
    ]);
  });
});

describe('the Python side', () => {
  it('keeps the name of the variable when it is printed anew', () => {
    const typed = readSide(
      openSide('python', null),
      'train_image = ImageSpec()',
    );
    expect(followForm(typed, other).text).toContain('train_image = ImageSpec(');
  });
});

describe('the YAML side', () => {
  const nested = parseImageSpec({
    name: 'train',
    base_image: { name: 'base' },
    pip_secret_mounts: [['a', '/b']],
  });

  it('keeps beside the text what YAML cannot hold', () => {
    const open = openSide('yaml', nested);
    expect(open.unkept.map(({ field }) => field)).toEqual([
      'base_image',
      'pip_secret_mounts',
    ]);
    expect(open.problems).toEqual([]);
    const typed = readSide(open, `${open.text}packages: [pandas]\n`);
    expect(typed.spec).toEqual({ ...nested, packages: ['pandas'] });
    const broken = readSide(typed, 'name: [');
    expect(readSide(broken, 'name: x\n').spec).toEqual({
      ...nested,
      name: 'x',
    });
  });

  it('lets what is written take the place of what was kept', () => {
    const typed = readSide(
      openSide('yaml', nested),
      'name: train\nbase_image: debian:12\n',
    );
    expect(typed.spec?.base_image).toBe('debian:12');
  });
});

describe('differingFields', () => {
  it.each([
    [{}, {}, []],
    [{ packages: [] }, {}, ['packages']],
    [
      { python_version: '3.1' },
      { python_version: { type: 'float', value: 3.1 } },
      ['python_version'],
    ],
    [
      {
        env: [
          ['A', '1'],
          ['B', '2'],
        ],
      },
      {
        env: [
          ['B', '2'],
          ['A', '1'],
        ],
      },
      ['env'],
    ],
    [
      { name: 'a', base_image: { name: 'b' } },
      { name: 'a', base_image: { name: 'c' } },
      ['base_image'],
    ],
  ])('%j and %j differ in %j', (one, two, expected) => {
    expect(differingFields(parseImageSpec(one), parseImageSpec(two))).toEqual(
      expected,
    );
  });
});
