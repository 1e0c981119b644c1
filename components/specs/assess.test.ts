import { describe, expect, it } from 'vitest';
import {
  assess,
  draftResolver,
  toDraftErrors,
} from '@/components/specs/assess';
import { type SpecDraft, toSpecDraft } from '@/components/specs/spec-draft';
import { requirementsDigest } from '@/lib/imagespec/digests';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { specTag } from '@/lib/imagespec/tag';
import type { BaseChoiceView } from '@/lib/imagespec/views';

const setting = {
  registries: [],
  base: null,
  bases: [],
  helpers: { uv: null, micromamba: null },
  project: null,
  teamFlytekit: '1.16.31',
};
const draft = (changes: Partial<SpecDraft>): SpecDraft => ({
  ...toSpecDraft(null, [], null),
  name: 'etl',
  ...changes,
});

describe('assess', () => {
  it('gives what the draft would become', () => {
    expect(assess(draft({ packages: 'pandas' }), setting)).toMatchObject({
      ok: true,
      definition: { fields: { name: 'etl', packages: ['pandas'] } },
      preview: { name: 'etl' },
    });
  });

  it.each<[string, Partial<SpecDraft>, keyof SpecDraft]>([
    ['a field', { name: '' }, 'name'],
    ['a line', { commands: 'cat <<EOF' }, 'commands'],
    ['what cannot be built', { cuda: '12' }, 'cuda'],
    ['a project that is not read yet', { archive: 'a'.repeat(64) }, 'archive'],
    ['a project that is missing', { copy: 'data' }, 'copy'],
    ['a base that is gone', { baseRevisionId: 'x' }, 'base_image'],
  ])('finds a fault in %s', (_, changes, field) => {
    expect(assess(draft(changes), setting)).toMatchObject({
      ok: false,
      errors: { [field]: expect.any(String) as string },
    });
  });
});

const BASE: BaseChoiceView = {
  revisionId: 'b',
  specId: 's',
  name: 'base',
  revision: 2,
  fields: parseImageSpec({ name: 'base', requirements: 'r.txt' }),
  digests: { requirements: requirementsDigest('pandas') },
  image: 'base:tag',
};

describe('a spec on another', () => {
  it('is built for every platform of what stands on it', () => {
    const own = { baseRevisionId: 'b', platform: 'linux/arm64' };
    expect(assess(draft(own), { ...setting, bases: [BASE] })).toMatchObject({
      ok: false,
      errors: {
        platform: 'The base base is only for linux/amd64, not for linux/arm64.',
      },
    });
  });

  it('stands on its image, and takes its tag into its own', () => {
    const on = assess(draft({ baseRevisionId: 'b' }), {
      ...setting,
      bases: [BASE],
    });
    expect(on).toMatchObject({
      definition: { baseRevisionId: 'b', fields: { base_image: BASE.fields } },
      preview: {
        dockerfile: expect.stringContaining('FROM base:tag') as string,
        tag: specTag(parseImageSpec({ name: 'etl', base_image: BASE.fields }), {
          base: BASE.digests,
        }),
      },
    });
  });
});

describe('a project', () => {
  it('gives its digests to the tag, and its folders to the Dockerfile', () => {
    const project = { paths: ['data/a.txt'], digests: { copy: 'c' } };
    const copied = assess(draft({ copy: 'data', archive: 'a'.repeat(64) }), {
      ...setting,
      project,
    });
    expect(copied).toMatchObject({
      preview: {
        dockerfile: expect.stringContaining('/root/data/') as string,
        tag: specTag(parseImageSpec({ name: 'etl', copy: ['data'] }), {
          copy: 'c',
        }),
      },
    });
  });
});

describe('draftResolver', () => {
  const resolve = (changes: Partial<SpecDraft>) =>
    draftResolver(setting)(draft(changes), undefined, {
      fields: {},
      shouldUseNativeValidation: undefined,
    });

  it('hands the draft on as it is', async () => {
    expect(await resolve({})).toEqual({ values: draft({}), errors: {} });
  });

  it('puts messages at their fields', async () => {
    expect(await resolve({ python_version: '2.7' })).toMatchObject({
      errors: { python_version: { message: expect.any(String) as string } },
    });
  });
});

describe('toDraftErrors', () => {
  const view = { code: 'SPEC_INVALID', message: 'No.', hint: '' } as const;
  it.each([
    ['registry', 'registryId', 'Bad.'],
    ['name', 'name', 'Bad.'],
    ['fields.packages.2', 'packages', 'Entry 3: Bad.'],
    ['apt_packages.0', 'apt_packages', 'Entry 1: Bad.'],
  ])('names %s as the form does', (path, name, message) => {
    expect(
      toDraftErrors({ ...view, fields: { [path]: 'Bad.' } }).fields,
    ).toEqual({ [name]: message });
  });

  it('leaves a failure without fields as it is', () => {
    expect(toDraftErrors(view)).toBe(view);
  });
});
