'use client';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';

/** Where an owner types the name to delete what tasks need; to everybody else it says that they cannot. */
export function ConfirmName({
  taskCount,
  name,
  mayOverride,
  value,
  onChange,
}: {
  taskCount: number;
  name: string;
  mayOverride: boolean;
  value: string;
  onChange: (value: string) => void;
}) {
  if (taskCount === 0) return null;
  const title =
    taskCount === 1
      ? 'A task will not start any more.'
      : `${taskCount} tasks will not start any more.`;
  if (!mayOverride)
    return (
      <Notice tone="bad" title={title}>
        Only an owner of the team can delete it all the same. Move the tasks to
        another image first.
      </Notice>
    );
  return (
    <>
      <Notice tone="bad" title={title} />
      <Field
        label="Type the repository’s name to delete it all the same"
        hint={<span className="font-mono break-all">{name}</span>}
      >
        <Input
          isMono
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
        />
      </Field>
    </>
  );
}
