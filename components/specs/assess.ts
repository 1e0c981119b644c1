import type { Resolver } from 'react-hook-form';
import {
  type Preview,
  type ProjectReading,
  readPreview,
} from '@/components/specs/preview';
import {
  type DraftBase,
  type DraftDefinition,
  type DraftReading,
  readSpecDraft,
  type RegistryChoice,
  type SpecDraft,
} from '@/components/specs/spec-draft';
import type { ErrorView, FieldErrors } from '@/lib/errors';
import { basePlatformFault } from '@/lib/imagespec/base-platforms';
import type { HelperImages } from '@/lib/imagespec/helper-images';
import type { BaseChoiceView } from '@/lib/imagespec/views';

/** What a draft is judged against. */
export type Setting = {
  registries: readonly RegistryChoice[];
  base: DraftBase | null;
  /** Specs that may be a base image, with the one the saved revision stands on. */
  bases: readonly BaseChoiceView[];
  helpers: HelperImages;
  /** Of the uploaded project, `null` while that is being read. */
  project: ProjectReading | null;
  /** The flytekit of specs that name none. */
  teamFlytekit: string;
};

export type Assessment =
  | { ok: true; definition: DraftDefinition; preview: Preview }
  | { ok: false; errors: FieldErrors };

/** What the draft would become, or what to correct, by field of the form. */
export function assess(draft: SpecDraft, setting: Setting): Assessment {
  const { registries, base, bases } = setting;
  return judge(readSpecDraft(draft, registries, base, bases), setting);
}

/** The same of a draft that is read already. */
export function judge(reading: DraftReading, setting: Setting): Assessment {
  const { bases, project } = setting;
  if (!reading.ok) return { ok: false, errors: { ...reading.errors } };
  const { ok: _, ...definition } = reading;
  if (definition.archive !== null && !project) {
    return { ok: false, errors: { archive: 'The project is being read.' } };
  }
  const platform = basePlatformFault(definition.fields);
  if (platform !== null) return { ok: false, errors: { platform } };
  const below = bases.find(
    ({ revisionId }) => revisionId === definition.baseRevisionId,
  );
  const preview = readPreview(
    { ...definition, project, below: below ?? null },
    setting.helpers,
    setting.teamFlytekit,
  );
  return preview.ok
    ? { ok: true, definition, preview: preview.preview }
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
