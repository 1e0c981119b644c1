'use client';
import type { ReactNode } from 'react';
import {
  type Control,
  Controller,
  type FieldPathByValue,
  type FieldValues,
  useFormState,
} from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { messageAt } from '@/components/ui/field-messages';
import { Switch } from '@/components/ui/switch';

/** A switch as a field of a form: what is wrong with it stands in the place of its hint. */
export function SwitchField<Values extends FieldValues, Output>({
  control,
  name,
  label,
  hint,
  isDisabled = false,
}: {
  control: Control<Values, unknown, Output>;
  name: FieldPathByValue<Values, boolean | undefined>;
  label: ReactNode;
  hint?: ReactNode;
  isDisabled?: boolean;
}) {
  const { errors } = useFormState({ control });
  const isWrong = messageAt(errors, name) !== undefined;
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <Field label="" name={name} className="[&>div:first-child]:hidden">
          <Switch
            label={label}
            hint={isWrong ? undefined : hint}
            checked={field.value ?? false}
            onChange={field.onChange}
            onBlur={field.onBlur}
            name={field.name}
            ref={field.ref}
            disabled={isDisabled}
          />
        </Field>
      )}
    />
  );
}
