'use client';
import { Controller } from 'react-hook-form';
import { ArchiveField } from '@/components/specs/archive-field';
import { FieldGroup, type SpecFormApi } from '@/components/specs/field-group';
import { CopyModeField } from '@/components/specs/more-fields';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';

/** What the image takes from the project's folder, which is uploaded once and kept with the revision. */
export function ProjectFields({ form }: { form: SpecFormApi }) {
  return (
    <FieldGroup
      form={form}
      title="Project files"
      about="copy and source_root"
      names={['archive', 'copy', 'source_root', 'source_copy_mode']}
    >
      <Controller
        control={form.control}
        name="archive"
        render={({ field, fieldState }) => (
          <ArchiveField
            value={field.value === '' ? null : { sha256: field.value }}
            onChange={(value) => field.onChange(value?.sha256 ?? '')}
            error={fieldState.error?.message}
          />
        )}
      />
      <Field
        label="copy"
        name="copy"
        hint="One file or folder of the project per line. They go below /root, and their content is part of the tag."
      >
        <Textarea {...form.register('copy')} isMono rows={2} />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="source_root"
          name="source_root"
          hint="The folder whose code is baked in. Not needed with fast registration."
        >
          <Input {...form.register('source_root')} isMono placeholder="." />
        </Field>
        <CopyModeField form={form} />
      </div>
    </FieldGroup>
  );
}
