'use client';
import { CodeView } from '@/components/code/code-view';
import type { SpecFormApi } from '@/components/specs/field-group';
import {
  type DraftReading,
  type RegistryChoice,
  type SpecDraft,
  withSpec,
} from '@/components/specs/spec-draft';
import { filesOf } from '@/lib/imagespec/definition';
import type { ImageSpec } from '@/lib/imagespec/schema';
import type { BaseChoiceView } from '@/lib/imagespec/views';

/** The form as code, which may be edited on either side. */
export function FormCode({
  reading,
  onSpec,
}: {
  /** `null` for a spec without a name, which no code can be. */
  reading: DraftReading | null;
  onSpec: (spec: ImageSpec) => void;
}) {
  return (
    <CodeView
      spec={reading?.ok ? reading.fields : null}
      files={reading?.ok ? filesOf(reading.fields, reading) : {}}
      onSpec={onSpec}
    />
  );
}

/** Puts a spec that was written or mended elsewhere into the form, field by field. */
export function fillForm(
  form: SpecFormApi,
  spec: ImageSpec,
  registries: readonly RegistryChoice[],
  bases: readonly BaseChoiceView[],
): void {
  const before = form.getValues();
  const after = withSpec(before, spec, registries, bases);
  for (const name of Object.keys(after) as (keyof SpecDraft)[]) {
    if (after[name] !== before[name])
      form.setValue(name, after[name], { shouldDirty: true });
  }
  void form.trigger();
}
