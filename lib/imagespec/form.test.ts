import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSpecForm, toSpecForm, type SpecForm } from './form';
import { parseLines } from './form-lines';
import { emptySpec, ImageSpec, parseImageSpec } from './schema';

const blank = toSpecForm(emptySpec());
const read = (form: Partial<SpecForm>) => readSpecForm({ ...blank, ...form });

describe('readSpecForm', () => {
  it('leaves out what is empty', () => {
    expect(read({ name: ' train ' })).toEqual({
      ok: true,
      spec: { version: 1, name: 'train' },
    });
  });

  it('keeps the order of lines, and the spaces of entries', () => {
    const form = read({ packages: 'b\n\n a \r\n', env: 'Z= 1=2 \nA=' });
    expect(form).toMatchObject({
      spec: {
        packages: ['b', ' a '],
        env: [
          ['Z', ' 1=2 '],
          ['A', ''],
        ],
      },
    });
  });

  it('reads a command over several lines', () => {
    const form = read({ commands: 'echo a \\\n  b\necho c' });
    expect(form).toMatchObject({
      spec: { commands: ['echo a \\\n  b', 'echo c'] },
    });
  });

  it.each<[Partial<SpecForm>, Record<string, string>]>([
    [{ packages: 'a\n\n-r x' }, { packages: 'Line 3: A file' }],
    [{ env: 'A=1\n\nB' }, { env: 'Line 3: Write NAME=value' }],
    [{ env: 'A=1\nA=2' }, { env: 'Line 2: A is set twice' }],
    [{ commands: 'a \\\n b\nx <<E' }, { commands: 'Line 3: A here' }],
    [{ commands: 'a \\' }, { commands: 'Line 1: Remove the backslash' }],
    [{ apt_packages: 'A' }, { apt_packages: 'Line 1: “A”' }],
    [{ name: '' }, { name: 'Give the image a name' }],
    [{ registry: 'ghcr.io/' }, { registry: 'Remove the “/”' }],
    [{ micromamba_image: 'a b' }, { micromamba_image: 'A reference' }],
    [
      { uv_image: 'a b', micromamba_image: 'c d' },
      { uv_image: 'A reference', micromamba_image: 'A reference' },
    ],
  ])('says where %j is wrong', (form, expected) => {
    const reading = read(form);
    const fields = reading.ok ? {} : reading.fields;
    expect(Object.keys(fields)).toEqual(Object.keys(expected));
    expect(fields).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([field, message]) => [
          field,
          expect.stringContaining(message) as string,
        ]),
      ),
    );
  });

  it('is the inverse of toSpecForm', () => {
    fc.assert(
      fc.property(specs(), (input) => {
        const parsed = ImageSpec.safeParse(input);
        fc.pre(parsed.success);
        const spec = parseImageSpec(input);
        expect(readSpecForm(toSpecForm(spec))).toEqual({ ok: true, spec });
      }),
    );
  });
});

describe('parseLines', () => {
  it('numbers entries by their first line', () => {
    expect(parseLines('\na\\\nb\n\nc', { continued: true })).toEqual([
      { text: 'a\\\nb', line: 2 },
      { text: 'c', line: 5 },
    ]);
  });

  it('goes on only behind an odd number of backslashes', () => {
    expect(parseLines('a\\\\\nb', { continued: true })).toHaveLength(2);
    expect(parseLines('a\\\nb')).toHaveLength(2);
  });
});

function specs() {
  const entry = fc.string({ minLength: 1, maxLength: 12 });
  const some = <T>(item: fc.Arbitrary<T>) =>
    fc.option(fc.array(item, { minLength: 1, maxLength: 4 }), {
      nil: undefined,
    });
  return fc.record({
    name: fc.constantFrom('a', 'Team/app'),
    packages: some(entry),
    apt_packages: some(fc.constantFrom('git', ' curl', 'a1 b2=3')),
    env: some(fc.tuple(fc.constantFrom('A', 'B', '日', '10'), entry)),
    commands: some(fc.oneof(entry, fc.constant('a \\\n b'))),
    builder_config: some(fc.constant(['uv_image', 'ghcr.io/x/uv:1'] as const)),
  });
}
