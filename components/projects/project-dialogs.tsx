'use client';
import { useRouter } from 'next/navigation';
import type { ReactElement } from 'react';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field } from '@/components/ui/field';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { CreateProject } from '@/lib/imagespec/projects';
import { useCreateProject, useRenameProject } from '@/lib/queries/projects';

export function CreateDialog({ trigger }: { trigger: ReactElement }) {
  const router = useRouter();
  const create = useCreateProject();
  return (
    <FormDialog
      title="New project"
      description="Tasks are imported into it, and it may set the image of those that name none."
      trigger={trigger}
    >
      {() => (
        <NameForm
          label="New project"
          verb="Create it"
          onSave={async (input) => {
            const { id } = await create.mutateAsync(input);
            router.push(`/tasks/projects/${id}`);
          }}
        />
      )}
    </FormDialog>
  );
}

export function RenameDialog({
  projectId,
  name,
  trigger,
}: {
  projectId: string;
  name: string;
  trigger: ReactElement;
}) {
  const rename = useRenameProject();
  return (
    <FormDialog
      title={`Rename ${name}`}
      description="Its tasks stay in it. Flyte does not learn of it: name it as the project is named there."
      trigger={trigger}
    >
      {(close) => (
        <NameForm
          label={`Rename ${name}`}
          name={name}
          verb="Rename it"
          onSave={async (input) => {
            await rename.mutateAsync({ projectId, ...input });
            close();
          }}
        />
      )}
    </FormDialog>
  );
}

function NameForm({
  label,
  name = '',
  verb,
  onSave,
}: {
  label: string;
  name?: string;
  verb: string;
  onSave: (input: CreateProject) => Promise<void>;
}) {
  const form = useZodForm(CreateProject, { defaultValues: { name } });
  return (
    <Form form={form} label={label} onSubmit={onSave}>
      <Field
        label="Name"
        name="name"
        hint="As Flyte writes project ids: lower case, digits and dashes."
      >
        <Input
          {...form.register('name')}
          isMono
          placeholder="ml-training"
          autoComplete="off"
          autoFocus
        />
      </Field>
      <FormEnd>{verb}</FormEnd>
    </Form>
  );
}
