import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requirementsDigest } from './digests';
import { isFieldName } from './fields';
import { pyStr, type PyValue } from './python-value';
import { NEWEST_LINE } from './releases/lines';
import { parseImageSpec } from './schema';
import {
  construct,
  fieldsTag,
  imageName,
  specId,
  specTag,
  type FlytekitFields,
} from './tag';
import { entriesOf } from './testing/ordered-json';
import { checkTagVectors } from './testing/tag-vectors';
import { sortedDigests } from './testing/vector-files';
import { readSpec } from './testing/vector-spec';
import { readVectorFile, type Vector } from './testing/vectors';

const FORM_FIELDS = [
  'name',
  'registry',
  'base_image',
  'python_version',
  'packages',
  'apt_packages',
  'env',
  'commands',
  'requirements',
  'platform',
  'python_exec',
  'builder_config',
];

/** What these vectors show is refused before a tag exists, by the spec's own rules. */
const REFUSED_BY_SCHEMA = [
  'registry_bad_two_ports',
  'registry_bad_tag',
  'registry_bad_scheme',
  'registry_trailing_slash',
  'bad_packages_str',
  'bad_packages_int',
];

const TEXT = readFileSync(
  new URL('./testdata/imagespec_tags.json', import.meta.url),
  'utf8',
);
const { vectors, files } = readVectorFile(TEXT);
const formVectors = vectors.filter((vector) => usesOnly(vector, FORM_FIELDS));

it('refuses a tag_format that is no text, which flytekit cannot format', () => {
  const list: PyValue = { type: 'list', items: [pyStr('x')] };
  expect(() => fieldsTag({ tag_format: list }, {})).toThrow('as text');
  expect(fieldsTag({ tag_format: { type: 'list', items: [] } }, {})).toMatch(
    /^\w{22}$/,
  );
});

describe('the vectors of flytekit', () => {
  it('are 84, of which 47 use only the fields of the form', () => {
    expect(vectors.length).toBe(84);
    expect(formVectors.length).toBe(47);
  });

  const good = formVectors.filter((vector) => vector.error === undefined);

  it.each(good.map((vector) => [vector.id, vector] as const))(
    'form fields: %s',
    (_id, vector) => {
      const spec = parseImageSpec(
        Object.fromEntries(
          entriesOf(vector.kwargs).map(([name, value]) => [
            name,
            toPlain(value),
          ]),
        ),
      );
      const digests = digestsOf(vector);
      expect(specTag(spec, digests)).toBe(vector.tag);
      expect(specId(spec)).toBe(vector.specId);
      expect(imageName(spec, digests)).toBe(vector.imageName);
    },
  );

  it.each(
    formVectors
      .filter((vector) => vector.error !== undefined)
      .map((vector) => [vector.id, vector] as const),
  )('form fields, refused by flytekit and by us: %s', (id, vector) => {
    const build = () => {
      const spec = parseImageSpec(
        Object.fromEntries(
          entriesOf(vector.kwargs).map(([name, value]) => [
            name,
            toPlain(value),
          ]),
        ),
      );
      expect(REFUSED_BY_SCHEMA).not.toContain(id);
      return specTag(spec, digestsOf(vector));
    };
    expect(build).toThrow(expect.objectContaining({ code: 'SPEC_INVALID' }));
  });

  it.each(
    checkTagVectors(TEXT).map((vector) => [vector.name, vector] as const),
  )('in every tested release: %s', (_name, { differences }) => {
    expect(differences).toEqual([]);
  });
});

describe('specTag', () => {
  const spec = (input: object) => parseImageSpec(input);

  it.each([
    [{}, 'fv8aVGdGU6GT1t5W98ZQPA'],
    [
      { packages: ['pandas'], registry: 'GHCR.io/Foo' },
      'zK5b6Eix3ZlE83_W7enujA',
    ],
    [
      { packages: ["numpy<2; python_version < '3.13'"] },
      'TLGMu4wl1XeB0iqX8A9jng',
    ],
    [{ packages: [] }, 'KFFjyHb_DWABZcogtuoDxQ'],
  ])('%j is %s', (input, tag) => {
    expect(specTag(spec(input), {})).toBe(tag);
  });

  it('does not depend on the order in which the fields are written', () => {
    const one = spec({ name: 'a', packages: ['x'], platform: 'linux/arm64' });
    const two = spec({ platform: 'linux/arm64', packages: ['x'], name: 'a' });
    expect(specTag(one, {})).toBe(specTag(two, {}));
  });

  it('is the same for requirements at another path, while the id is not', () => {
    const one = spec({ requirements: 'requirements.txt' });
    const two = spec({ requirements: './requirements.txt' });
    const digests = { requirements: requirementsDigest('pandas\n') };
    expect(specTag(one, digests)).toBe(specTag(two, digests));
    expect(specId(one)).not.toBe(specId(two));
  });

  it('asks for the requirements text it needs', () => {
    expect(() => specTag(spec({ requirements: 'r.txt' }), {})).toThrow(
      'Add the content of requirements',
    );
  });

  it.each([
    [{ copy: ['data'] }, 'copy', 'Add the content of copy'],
    [
      { source_root: 'src', source_copy_mode: 'ALL' },
      'source_root',
      'Add the content of source_root',
    ],
    [{ source_root: 'src' }, 'source_copy_mode', 'Imageyard runs no code'],
    [
      { source_root: 'src', source_copy_mode: 'LOADED_MODULES' },
      'source_copy_mode',
      'Choose ALL, or NO_COPY',
    ],
    [{ source_copy_mode: 'ALL' }, 'source_root', 'Set source_root'],
    [
      { base_image: { name: 'base', source_root: 'src' } },
      'source_copy_mode',
      'Imageyard runs no code',
    ],
  ])('says what it cannot compute without: %j', (input, field, message) => {
    expect(() => specTag(spec(input), {})).toThrow(
      expect.objectContaining({
        code: 'SPEC_INVALID',
        fields: { [field]: expect.stringContaining(message) as string },
      }),
    );
  });

  it('is always a tag that registries take', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 })),
        (packages) => {
          const fields: FlytekitFields = {
            packages: { type: 'list', items: packages.map(pyStr) },
          };
          expect(fieldsTag(fields, {})).toMatch(/^[A-Za-z0-9_]{22}$/);
        },
      ),
    );
  });
});

describe('construct', () => {
  it('changes nothing the second time', () => {
    const fields: FlytekitFields = {
      name: pyStr('App'),
      source_root: pyStr('src'),
    };
    expect(construct(construct(fields))).toEqual(construct(fields));
  });
});

function digestsOf({ kwargs }: Vector) {
  const spec = readSpec(kwargs, NEWEST_LINE);
  if (!spec.ok) throw new Error(spec.fault);
  return sortedDigests(spec.fields, files);
}

/** Plain JSON of a value, as far as JSON can hold it; dicts become pairs. */
function toPlain(value: PyValue): unknown {
  switch (value.type) {
    case 'none':
      return undefined;
    case 'bool':
    case 'str':
    case 'float':
      return value.value;
    case 'int':
      return Number(value.text);
    case 'list':
    case 'tuple':
      return value.items.map(toPlain);
    case 'dict':
      return value.entries.map(([key, item]) => [toPlain(key), toPlain(item)]);
    case 'enum':
      return value.repr;
  }
}

/** Whether every keyword of a vector is a field of the given names and no nested spec. */
function usesOnly(vector: Vector, names: readonly string[]): boolean {
  return entriesOf(vector.kwargs).every(
    ([name, value]) =>
      isFieldName(name) &&
      names.includes(name) &&
      !(name === 'base_image' && value.type === 'dict'),
  );
}
