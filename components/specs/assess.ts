import type { Resolver } from 'react-hook-form';
import { type Preview, readPreview } from '@/components/specs/preview';
import {
  type DraftBase,
  readSpecDraft,
  type RegistryChoice,
  type SpecDraft,
} from '@/components/specs/spec-draft';
import type { ErrorView, FieldErrors } from '@/lib/errors';
import type { HelperImages } from '@/lib/imagespec/helper-images';
import type { ImageSpec } from '@/lib/imagespec/schema';

/** What a draft is judged against. */
export type Setting = {
  registries: readonly RegistryChoice[];
  base: DraftBase | null;
  helpers: HelperImages;
};

export type Assessment =
  | {
      ok: true;
      fields: ImageSpec;
      requirements: string | null;
      preview: Preview;
    }
  | { ok: false; errors: FieldErrors };

/** What the draft would become, or what to correct, by field of the form. */
export function assess(draft: SpecDraft, setting: Setting): Assessment {
  const reading = readSpecDraft(draft, setting.registries, setting.base);
  if (!reading.ok) return { ok: false, errors: { ...reading.errors } };
  const { fields, requirements } = reading;
  const preview = readPreview({ fields, requirements }, setting.helpers);
  return preview.ok
    ? { ok: true, fields, requirements, preview: preview.preview }
    : { ok: false, errors: preview.errors };
}

/** The same judgement for the form, so that errors stand under their fields as one types. */
export function draftResolver(setting: Setting): Resolver<SpecDraft> {
  return (values) => {
    const assessment = assess(values, setting);
    if (assessment.ok) return { values, errors: {} };
    const errors = Object.fromEntries(
      Object.entries(assessment.errors).map(([name, message]) => [
        name,
        { type: 'spec', message },
      ]),
    );
    return { values: {}, errors };
  };
}

/** The server's field errors under the names the form uses. `packages.2` is the third entry, which is not its line. */
export function toDraftErrors(view: ErrorView): ErrorView {
  if (!view.fields) return view;
  const fields = Object.entries(view.fields).map(([path, message]) => {
    const [field = '', index] = path.replace(/^fields\./, '').split('.');
    const name = field === 'registry' ? 'registryId' : field;
    return index === undefined
      ? [name, message]
      : [name, `Entry ${Number(index) + 1}: ${message}`];
  });
  return { ...view, fields: Object.fromEntries(fields) as FieldErrors };
}
