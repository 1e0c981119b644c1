'use client';
import { useId } from 'react';
import { count, usersOf } from '@/components/tasks/import-state';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import type { PlannedSpec } from '@/lib/imagespec/import-plan';
import type { PythonImport } from '@/lib/imagespec/python';
import type {
  Environment,
  EnvironmentVariable,
} from '@/lib/imagespec/python-environment';
import { pyRepr } from '@/lib/imagespec/python-repr';

/** The variables of the environment that the file reads, to fill in. */
export function EnvironmentValues({
  bare,
  file,
  specs,
  values,
  onChange,
}: {
  /** The file as it is read without any value. */
  bare: PythonImport;
  file: PythonImport;
  specs: readonly PlannedSpec[];
  values: Environment;
  onChange: (values: Environment) => void;
}) {
  if (file.variables.length === 0) return null;
  const change = (name: string, value: string | null) => {
    const { [name]: _, ...rest } = values;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <Card title="Variables of the environment">
      <div className="grid gap-3">
        <p className="text-ink-2">
          The file reads {count(file.variables.length, 'variable')} where it
          runs. Give the values it has there. They are used to read the file,
          and kept only where they end in a field of a spec.
        </p>
        {file.variables.map((variable) => (
          <Variable
            key={variable.name}
            variable={variable}
            users={usersOf(variable.name, bare, specs)}
            value={values[variable.name]}
            onChange={(value) => change(variable.name, value)}
          />
        ))}
      </div>
    </Card>
  );
}

function Variable({
  variable: { name, default: fallback, line },
  users,
  value,
  onChange,
}: {
  variable: EnvironmentVariable;
  users: string[];
  value: string | null | undefined;
  onChange: (value: string | null) => void;
}) {
  const id = useId();
  const needed = users.length > 0 ? ` For ${users.join(', ')}.` : '';
  return (
    <div className="grid gap-1.5">
      <Field
        label={<span className="font-mono text-xs break-all">{name}</span>}
        hint={`Read in line ${line}.${needed}`}
      >
        <Input
          isMono
          autoComplete="off"
          value={value ?? ''}
          disabled={value === null}
          placeholder={
            fallback?.type === 'str' ? fallback.value : 'not filled in'
          }
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
      {fallback !== null && (
        <label htmlFor={id} className="flex items-baseline gap-2 text-ink-2">
          <input
            id={id}
            type="checkbox"
            className="size-3.5 translate-y-0.5 accent-accent"
            checked={value === null}
            onChange={(event) => onChange(event.target.checked ? null : '')}
          />
          <span className="min-w-0">
            Not set there: <code className="break-all">{pyRepr(fallback)}</code>{' '}
            holds
          </span>
        </label>
      )}
    </div>
  );
}
