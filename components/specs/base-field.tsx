'use client';
import { Controller, useWatch } from 'react-hook-form';
import type { SpecFormApi } from '@/components/specs/field-group';
import { cn } from '@/components/ui/cn';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Select } from '@/components/ui/select';
import { DEFAULT_BASE_IMAGE } from '@/lib/imagespec/defaults';
import type { BaseChoiceView } from '@/lib/imagespec/views';

const IMAGE = 'image';

/** What the image stands on: an image by name, or another spec of the team, which is then built first. */
export function BaseField({
  form,
  bases,
}: {
  form: SpecFormApi;
  bases: readonly BaseChoiceView[];
}) {
  const chosen = useWatch({ control: form.control, name: 'baseRevisionId' });
  const base = bases.find(({ revisionId }) => revisionId === chosen);
  const newest =
    base && bases.find(({ specId }) => specId === base.specId)?.revision;
  return (
    <div className={cn('grid', chosen === '' ? 'gap-3' : 'gap-1')}>
      {bases.length > 0 && (
        <Controller
          control={form.control}
          name="baseRevisionId"
          render={({ field }) => (
            <Field label="Stands on" name="baseRevisionId">
              <Select
                {...field}
                value={field.value === '' ? IMAGE : field.value}
                onChange={(value) =>
                  field.onChange(value === IMAGE ? '' : value)
                }
                options={[
                  { value: IMAGE, label: 'an image' },
                  ...bases.map(({ revisionId, name, revision }) => ({
                    value: revisionId,
                    label: `the spec ${name}`,
                    detail: `revision ${revision}`,
                  })),
                ]}
              />
            </Field>
          )}
        />
      )}
      {chosen === '' ? (
        <Field label="Base image" name="base_image">
          <Input
            {...form.register('base_image')}
            isMono
            placeholder={DEFAULT_BASE_IMAGE}
          />
        </Field>
      ) : (
        base && (
          <p className="text-xs text-ink-3">
            <TextLink href={`/specs/${base.specId}`}>{base.name}</TextLink>,
            revision {base.revision}, is built first when it is not there yet.
            Its tag is part of this one.
            {newest !== undefined && newest > base.revision && (
              <> It has a newer revision, {newest}: choose it above.</>
            )}
          </p>
        )
      )}
    </div>
  );
}
