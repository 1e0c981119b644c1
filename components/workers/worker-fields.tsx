'use client';
import type { UseFormReturn } from 'react-hook-form';
import type { z } from 'zod';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { SwitchField } from '@/components/ui/switch-field';
import { LabelsField } from '@/components/workers/labels-field';
import type { CreateEnrolment } from '@/lib/build/worker-forms';

export type WorkerValues = z.input<typeof CreateEnrolment>;
export type WorkerForm = UseFormReturn<WorkerValues, unknown, CreateEnrolment>;

/** Name, labels and slots of a worker. */
export function WorkerFields({
  form,
  isLocal = false,
}: {
  form: WorkerForm;
  isLocal?: boolean;
}) {
  return (
    <>
      {!isLocal && (
        <Field label="Name" name="name">
          <Input
            {...form.register('name')}
            placeholder="builder-1"
            autoComplete="off"
            autoFocus
          />
        </Field>
      )}
      <Field
        label="Builds at the same time"
        name="slots"
        hint="Builds share the machine's processors and disk."
      >
        <Input
          {...form.register('slots')}
          type="number"
          min={1}
          max={32}
          inputMode="numeric"
          className="max-w-24"
        />
      </Field>
      <LabelsField
        hint="Words such as gpu or office. A spec or a registry may ask for them; then only workers that have them build it."
        register={form.register('labels')}
      />
      <SwitchField
        control={form.control}
        name="isReserved"
        label="Only for builds that ask for one of its labels"
        hint="Other builds wait for another worker."
      />
    </>
  );
}
