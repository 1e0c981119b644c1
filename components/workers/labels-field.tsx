import type { UseFormRegisterReturn } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';

/** Labels as words between commas. */
export function LabelsField({
  hint,
  register,
}: {
  hint: string;
  register: UseFormRegisterReturn;
}) {
  return (
    <Field label="Labels" name="labels" isOptional hint={hint}>
      <Input
        {...register}
        isMono
        placeholder="gpu, office"
        autoComplete="off"
      />
    </Field>
  );
}
