import { describe, expect, it } from 'vitest';
import {
  assess,
  draftResolver,
  toDraftErrors,
} from '@/components/specs/assess';
import { type SpecDraft, toSpecDraft } from '@/components/specs/spec-draft';

const setting = {
  registries: [],
  base: null,
  helpers: { uv: null, micromamba: null },
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
      fields: { name: 'etl', packages: ['pandas'] },
      preview: { name: 'etl' },
    });
  });

  it.each<[string, Partial<SpecDraft>, keyof SpecDraft]>([
    ['a field', { name: '' }, 'name'],
    ['a line', { commands: 'cat <<EOF' }, 'commands'],
    [
      'what cannot be built',
      { requirements: 'uv.lock', requirementsText: 'x' },
      'requirements',
    ],
  ])('finds a fault in %s', (_, changes, field) => {
    expect(assess(draft(changes), setting)).toMatchObject({
      ok: false,
      errors: { [field]: expect.any(String) as string },
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
