import type { UseFormRegister } from 'react-hook-form';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { BuildLimits } from '@/lib/build/limits';

type Typed = { totalMinutes: unknown; idleMinutes: unknown };

/** Both time limits in minutes; `above` holds where nothing is typed. */
export function LimitsFields<Values extends Typed>({
  register,
  above,
  isReadOnly = false,
}: {
  register: UseFormRegister<Values>;
  above: BuildLimits;
  isReadOnly?: boolean;
}) {
  const rows = [
    ['totalMinutes', 'Minutes a build may take'],
    ['idleMinutes', 'Minutes it may print nothing'],
  ] as const;
  return rows.map(([name, label]) => (
    <Field key={name} label={label} name={name} isOptional>
      <Input
        {...register(name as never)}
        inputMode="numeric"
        placeholder={String(above[name])}
        readOnly={isReadOnly}
        autoComplete="off"
      />
    </Field>
  ));
}
