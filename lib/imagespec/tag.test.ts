import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requirementsDigest, treeDigest } from './digests';
import type { Digests } from './digests';
import { isFieldName } from './fields';
import { isTruthy, pyStr, type PyValue } from './python-value';
import { parseImageSpec } from './schema';
import {
  construct,
  fieldsId,
  fieldsImageName,
  fieldsTag,
  imageName,
  specId,
  specTag,
  tagText,
  type FlytekitFields,
} from './tag';
import {
  entriesOf,
  items,
  readVectors,
  textOf,
  toPlain,
  usesOnly,
  type Vector,
} from './testing/vectors';
import { chainField, extendField } from './with-chain';

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

/** Vectors without a tag: what they show is refused when the spec is constructed. */
const EXCLUDED: Record<string, string> = {
  bad_mounts:
    'pip_secret_mounts is no field of the form yet, so nothing checks its shape',
};

const { vectors, files } = readVectors();
const formVectors = vectors.filter((vector) => usesOnly(vector, FORM_FIELDS));

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
      const digests = digestsOf(fieldsOf(vector));
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
      return specTag(spec, digestsOf(fieldsOf(vector)));
    };
    expect(build).toThrow(expect.objectContaining({ code: 'SPEC_INVALID' }));
  });

  const rest = vectors.filter((vector) => !EXCLUDED[vector.id]);

  it(`pass but for ${Object.keys(EXCLUDED).length}`, () => {
    expect(rest.length).toBe(83);
  });

  it.each(
    rest
      .filter((vector) => vector.error === undefined)
      .map((vector) => [vector.id, vector] as const),
  )('all fields: %s', (id, vector) => {
    const fields = fieldsOf(vector);
    const digests = digestsOf(fields);
    expect(tagText(fields, digests)).toBe(vector.preimage);
    expect(fieldsTag(fields, digests)).toBe(vector.tag);
    expect(fieldsImageName(fields, digests)).toBe(vector.imageName);
    // An absolute source_root makes the id depend on the machine that made the vector.
    if (id !== 'source_all_abs') {
      expect(fieldsId(fields)).toBe(vector.specId);
    }
  });

  it.each(
    rest
      .filter(
        (vector) =>
          vector.error !== undefined && !REFUSED_BY_SCHEMA.includes(vector.id),
      )
      .map((vector) => [vector.id, vector] as const),
  )('all fields, refused: %s', (_id, vector) => {
    const fields = fieldsOf(vector);
    expect(() => fieldsTag(fields, digestsOf(fields))).toThrow(
      expect.objectContaining({ code: 'SPEC_INVALID' }),
    );
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

function fieldsOf(vector: Vector): FlytekitFields {
  let fields = fieldsFrom(vector.kwargs);
  const chain = entriesOf(vector.kwargs).find(([key]) => key === '__with__');
  for (const call of items(chain?.[1])) {
    const [method, args] = items(call);
    const field = chainField(textOf(method) ?? '');
    const [value] = items(args);
    if (!field || !value) throw new Error(`bad chain in ${vector.id}`);
    fields = extendField(construct(fields), field, value) ?? fields;
  }
  return fields;
}

function fieldsFrom(kwargs: PyValue): FlytekitFields {
  const members = ['LOADED_MODULES', 'ALL', 'NO_COPY'];
  return Object.fromEntries(
    entriesOf(kwargs)
      .filter(([name]) => isFieldName(name))
      .map(([name, value]) => {
        const member = textOf(value) ?? '';
        return name === 'source_copy_mode'
          ? [
              name,
              {
                type: 'enum',
                repr: `<CopyFileDetection.${member}: ${members.indexOf(member) + 1}>`,
              },
            ]
          : [name, value];
      }),
  );
}

function digestsOf(fields: FlytekitFields): Digests {
  const requirements = files.get(
    (textOf(fields.requirements) ?? '').replace(/^\.\//, ''),
  );
  const root = textOf(fields.source_root);
  return {
    ...(requirements ? { requirements: requirementsDigest(requirements) } : {}),
    ...(fields.copy && isTruthy(fields.copy)
      ? { copy: treeDigest(items(fields.copy).flatMap(copied)) }
      : {}),
    ...(root === undefined ? {} : { source: treeDigest(sources(root)) }),
  };
}

/** flytekit walks a folder top-down with the names of each folder sorted; these folders nest at most once. */
function copied(entry: PyValue): { path: string; bytes: Uint8Array }[] {
  const root = (textOf(entry) ?? '').replace('../fixtures/', '');
  const single = files.get(root);
  if (single) return [{ path: root.split('/').at(-1) ?? '', bytes: single }];
  return under(root).sort(
    (a, b) => a.path.split('/').length - b.path.split('/').length,
  );
}

/** Only with an absolute source_root do anchored patterns of `.dockerignore` match; caches are always ignored. */
function sources(root: string): { path: string; bytes: Uint8Array }[] {
  const isAbsolute = root.startsWith('$FX/');
  const ignored = isAbsolute ? /^secret\.txt|^build\/|\.pyc$/ : /\.pyc$/;
  return under(root.replace('$FX/', '')).filter(
    ({ path }) => !ignored.test(path),
  );
}

function under(root: string): { path: string; bytes: Uint8Array }[] {
  return [...files]
    .filter(([name]) => name.startsWith(`${root}/`))
    .map(([name, bytes]) => ({ path: name.slice(root.length + 1), bytes }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
