import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { printPython } from './print-python';
import { printYaml } from './print-yaml';
import { readPythonSpec } from './read-python';
import { readYamlSpec } from './read-yaml';
import { toImageSpec } from '@/lib/imagespec/python-fields';
import { NEWEST_LINE } from '@/lib/imagespec/releases/lines';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { fieldsId, fieldsTag, specId, specTag } from '@/lib/imagespec/tag';
import { sortedDigests } from '@/lib/imagespec/testing/vector-files';
import { readSpec } from '@/lib/imagespec/testing/vector-spec';
import { readVectorFile } from '@/lib/imagespec/testing/vectors';

const FILE = new URL('../testdata/imagespec_tags.json', import.meta.url);
const { vectors, files } = readVectorFile(readFileSync(FILE, 'utf8'));

/** Refused by flytekit itself; the last two only by the schema, because their image could not be built or pushed. */
const REFUSED = [
  'registry_bad_two_ports',
  'registry_bad_tag',
  'registry_bad_scheme',
  'registry_trailing_slash',
  'bad_packages_str',
  'bad_packages_int',
  'bad_mounts',
  'tagfmt_unknown',
  'tagfmt_positional',
  'tagfmt_pad_repr',
  'copy_dotdot',
];

/** What YAML cannot hold of a vector. */
const NOT_IN_YAML: Record<string, string[]> = {
  base_image_spec_tagfmt: ['base_image'],
  source_all: ['source_copy_mode'],
  source_all_abs: ['source_copy_mode'],
  source_nocopy: ['source_copy_mode'],
  copy_all_noroot: ['source_copy_mode'],
  everything: ['pip_secret_mounts', 'source_copy_mode'],
};

const specs = vectors.flatMap(({ id, kwargs }) => {
  const written = readSpec(kwargs, NEWEST_LINE);
  const { spec = null, faults } = written.ok
    ? toImageSpec(written.fields)
    : { faults: [] };
  return [{ id, spec, faults, fields: written.ok ? written.fields : {} }];
});

it('every vector makes a spec, but for those that are listed', () => {
  const refused = specs.filter(({ spec }) => !spec);
  expect(refused.map(({ id }) => id).sort()).toEqual([...REFUSED].sort());
  expect(refused.filter(({ faults }) => faults.length === 0)).toEqual([]);
});

describe.each(
  specs.flatMap((one) => (one.spec ? [{ ...one, spec: one.spec }] : [])),
)('$id', ({ id, spec, fields }) => {
  const digests = sortedDigests(fields, files);
  const tag = (make: () => string) => {
    try {
      return make();
    } catch {
      return 'none: a file is missing, or flytekit refuses it later';
    }
  };

  it('reads back from Python', () => {
    const { spec: read, problems } = readPythonSpec(printPython(spec));
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(read).toEqual(spec);
    if (!read) return;
    expect(specId(read)).toBe(fieldsId(fields));
    expect(tag(() => specTag(read, digests))).toBe(
      tag(() => fieldsTag(fields, digests)),
    );
  });

  it('reads back from YAML, or names what YAML cannot hold', () => {
    const { text, unkept } = printYaml(spec);
    expect(unkept.map(({ field }) => field)).toEqual(NOT_IN_YAML[id] ?? []);
    const { spec: read } = readYamlSpec(text);
    expect(read).toEqual(without(spec, NOT_IN_YAML[id] ?? []));
    if (unkept.length === 0 && read) {
      expect(tag(() => specTag(read, digests))).toBe(
        tag(() => fieldsTag(fields, digests)),
      );
    }
  });
});

function without(spec: ImageSpec, left: readonly string[]) {
  return Object.fromEntries(
    Object.entries(spec).filter(([field]) => !left.includes(field)),
  );
}
