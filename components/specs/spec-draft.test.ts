import { describe, expect, it } from 'vitest';
import {
  type DraftBase,
  NONE,
  readSpecDraft,
  type SpecDraft,
  toSpecDraft,
  withSpec,
  WRITTEN,
} from '@/components/specs/spec-draft';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { type ImageSpec, parseImageSpec } from '@/lib/imagespec/schema';
import type { BaseChoiceView } from '@/lib/imagespec/views';

const GITHUB = {
  id: 'github',
  name: 'GitHub',
  host: 'ghcr.io',
  namespace: 'acme',
  archivedAt: null,
};
const HARBOR = {
  id: 'harbor',
  name: 'Harbor',
  host: 'harbor.example.com',
  namespace: '',
  archivedAt: null,
};
const REGISTRIES = [GITHUB, HARBOR];

const base = (
  fields: object,
  requirements: string | null = null,
): DraftBase => ({
  ...emptyDefinition,
  fields: parseImageSpec({ name: 'etl', ...fields }),
  requirements,
});

function edited(from: DraftBase, changes: Partial<SpecDraft> = {}) {
  const draft = { ...toSpecDraft(from, REGISTRIES, null), ...changes };
  return readSpecDraft(draft, REGISTRIES, from);
}

const BASE: BaseChoiceView = {
  revisionId: 'b',
  specId: 's',
  name: 'base',
  revision: 2,
  fields: parseImageSpec({ name: 'base' }),
  digests: {},
  image: 'base:tag',
};

const FULL = {
  registry: 'ghcr.io/acme',
  base_image: 'debian:12',
  python_version: '3.11',
  packages: ['pandas==2.2.2', ' numpy '],
  apt_packages: ['git curl'],
  env: [
    ['B', ' spaced '],
    ['A', 'x=y'],
  ],
  commands: ['echo one', 'echo \\\n  two'],
  platform: 'linux/arm64',
  python_exec: '/usr/bin/python3',
  builder_config: [
    ['micromamba_image', 'a/m:1'],
    ['uv_image', 'a/u:1'],
  ],
  builder: 'default',
  source_root: './src',
  source_copy_mode: 'ALL',
  copy: ['data', 'a b.txt'],
  conda_packages: ['scipy=1.13.0'],
  conda_channels: ['bioconda'],
  cuda: '12.1',
  cudnn: '8',
  pip_index: 'https://pypi.example.com/simple',
  pip_extra_index_url: ['https://more.example.com/simple'],
  pip_secret_mounts: [['/home/me/my .netrc', '/root/.netrc']],
  pip_extra_args: "--pre --config-settings 'a b'",
  registry_config: 'config.json',
  entrypoint: ['/bin/bash', '-c', 'a\nb "c"'],
  tag_format: '{spec_hash}-x',
  runtime_packages: ['ipdb'],
  builder_options: [
    ['10', { type: 'int', text: '12345678901234567890' }],
    ['9', { type: 'float', value: 1 }],
    ['l', { type: 'list', items: [{ type: 'none' }] }],
    ['quote', { type: 'str', value: 'it\'s "so"' }],
  ],
};

describe('a revision through the form', () => {
  it.each<[string, DraftBase]>([
    ['every field', base(FULL)],
    ['no field', base({})],
    [
      'fields written as empty',
      base({
        packages: [],
        apt_packages: [],
        commands: [],
        env: [],
        builder_config: [],
        registry: '',
        base_image: '',
        python_version: '',
        python_exec: '',
        conda_packages: [],
        entrypoint: [],
        copy: [],
        tag_format: '',
        builder_options: [],
        pip_secret_mounts: [],
      }),
    ],
    [
      'a Python version that is a number',
      base({ python_version: { type: 'float', value: 3.1 } }),
    ],
    ['a registry below a place', base({ registry: 'ghcr.io/acme/ml' })],
    ['a registry nobody here keeps', base({ registry: 'quay.io/acme' })],
    ['a registry in upper case', base({ registry: 'GHCR.io/Acme' })],
    ['a requirements file', base({ requirements: 'deps/r.txt' }, 'pandas\n')],
    ['an empty requirements file', base({ requirements: 'r.txt' }, '')],
  ])('comes back as it was: %s', (_, from) => {
    expect(edited(from)).toMatchObject({
      ok: true,
      fields: from.fields,
      requirements: from.requirements,
    });
  });
});

const fieldsOf = (reading: ReturnType<typeof edited>): ImageSpec => {
  if (!reading.ok) throw new Error(JSON.stringify(reading.errors));
  return reading.fields;
};

describe('the registry', () => {
  it.each([
    ['ghcr.io/acme/ml', 'github'],
    ['ghcr.io/other', WRITTEN],
    ['harbor.example.com/x', 'harbor'],
    ['', NONE],
  ])('of %s is chosen as %s', (registry, expected) => {
    expect(toSpecDraft(base({ registry }), REGISTRIES, null).registryId).toBe(
      expected,
    );
  });

  it('is the one the spec was saved with, when two cover it', () => {
    const wide = { ...GITHUB, id: 'wide', namespace: '' };
    const from = base({ registry: 'ghcr.io/acme' });
    const draft = toSpecDraft(from, [...REGISTRIES, wide], 'wide');
    expect(draft.registryId).toBe('wide');
  });

  it.each([
    ['another place', 'harbor', 'harbor.example.com', 'harbor'],
    ['none', NONE, undefined, null],
    ['what was written', WRITTEN, 'ghcr.io/acme/ml', null],
  ])('becomes %s', (_, registryId, text, id) => {
    const reading = edited(base({ registry: 'ghcr.io/acme/ml' }), {
      registryId,
    });
    expect(fieldsOf(reading).registry).toBe(text);
    expect(reading).toMatchObject({ registryId: id });
  });
});

describe('the requirements text', () => {
  it('gets a file name when it has none', () => {
    const reading = edited(base({}), { requirementsText: 'pandas' });
    expect(fieldsOf(reading).requirements).toBe('requirements.txt');
    expect(reading).toMatchObject({ requirements: 'pandas' });
  });

  it('takes its file with it when it is emptied', () => {
    const from = base({ requirements: 'r.txt' }, 'pandas');
    const reading = edited(from, { requirementsText: ' \n' });
    expect(fieldsOf(reading).requirements).toBeUndefined();
    expect(reading).toMatchObject({ requirements: null });
  });
});

it('tells what is wrong at its field and line', () => {
  const reading = edited(base({}), {
    name: 'a b',
    packages: 'pandas\n\n-r other.txt',
    env: 'A=1\nNOVALUE',
  });
  expect(reading).toEqual({
    ok: false,
    errors: {
      name: expect.any(String) as string,
      packages: expect.stringMatching(/^Line 3: /) as string,
      env: expect.stringMatching(/^Line 2: /) as string,
    },
  });
});

it('begins a new spec without a name', () => {
  expect(toSpecDraft(null, REGISTRIES, 'harbor')).toMatchObject({
    name: '',
    packages: '',
    registryId: 'harbor',
  });
});

describe('a spec written as code', () => {
  const written = (fields: object) =>
    withSpec(
      toSpecDraft(base({ packages: ['old'] }, 'text'), REGISTRIES, null),
      parseImageSpec({ name: 'etl', ...fields }),
      REGISTRIES,
      [BASE],
    );
  const read = (draft: SpecDraft) =>
    readSpecDraft(draft, REGISTRIES, null, [BASE]);

  it.each<[string, object]>([
    ['every field', FULL],
    ['fields written as empty', { packages: [], entrypoint: [], env: [] }],
    ['a registry below a place', { registry: 'ghcr.io/acme/ml' }],
    ['a registry nobody here keeps', { registry: 'quay.io/acme' }],
    ['a base that is a spec of the team', { base_image: { name: 'base' } }],
  ])('comes back as it was: %s', (_, fields) => {
    const { builder_config: _order, ...spec } = parseImageSpec({
      name: 'etl',
      ...fields,
    });
    expect(read(written(spec))).toMatchObject({ ok: true, fields: spec });
  });

  it('keeps what code does not say', () => {
    expect(written({})).toMatchObject({ requirementsText: '' });
    const from = base({ requirements: 'r.txt' }, 'pandas');
    const draft = toSpecDraft(from, REGISTRIES, null);
    expect(withSpec(draft, from.fields, REGISTRIES, [])).toMatchObject({
      requirementsText: 'pandas',
    });
  });

  it('says that another base has to be saved first', () => {
    const draft = written({ base_image: { name: 'other' } });
    expect(read(draft)).toMatchObject({
      ok: false,
      errors: { base_image: expect.stringContaining('Save it') as string },
    });
  });
});
