'use client';
import { useWatch } from 'react-hook-form';
import type { SpecFormApi } from '@/components/specs/field-group';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';

/** Code may give the Python version as a number, which flytekit hashes without quotes. */
export function PythonNumberNote({ form }: { form: SpecFormApi }) {
  const [kind, version] = useWatch({
    control: form.control,
    name: ['python_number', 'python_version'],
  });
  if (kind === '') return null;
  return (
    <Notice
      tone="warn"
      title={`The code gives the Python version as the number ${version}.`}
      actions={
        <Button
          size="sm"
          onClick={() =>
            form.setValue('python_number', '', {
              shouldDirty: true,
              shouldValidate: true,
            })
          }
        >
          Make it text
        </Button>
      }
    >
      flytekit counts 3.11 and “3.11” as different, and 3.10 is 3.1 to Python.
      Text makes another tag.
    </Notice>
  );
}
