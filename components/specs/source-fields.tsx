'use client';
import { FieldGroup, type SpecFormApi } from '@/components/specs/field-group';
import { SecretMountsField } from '@/components/specs/secret-mounts-field';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';

/** Where Python packages come from, and the secrets that it takes. */
export function SourceFields({ form }: { form: SpecFormApi }) {
  const { register } = form;
  return (
    <FieldGroup
      form={form}
      title="Package indexes and secrets"
      about="pip_index, pip_secret_mounts"
      names={[
        'pip_index',
        'pip_extra_index_url',
        'pip_extra_args',
        'pip_secret_mounts',
      ]}
    >
      <Field label="pip_index" name="pip_index" hint="Asked instead of PyPI.">
        <Input
          {...register('pip_index')}
          isMono
          placeholder="https://pypi.example.com/simple"
        />
      </Field>
      <Field
        label="pip_extra_index_url"
        name="pip_extra_index_url"
        hint="One per line, asked beside it."
      >
        <Textarea {...register('pip_extra_index_url')} isMono rows={2} />
      </Field>
      <Field
        label="pip_extra_args"
        name="pip_extra_args"
        hint="Options for the installing program, such as --pre. Nothing in them is run by a shell."
      >
        <Input {...register('pip_extra_args')} isMono />
      </Field>
      <SecretMountsField form={form} />
    </FieldGroup>
  );
}
