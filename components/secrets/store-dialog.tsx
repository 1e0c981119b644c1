'use client';
import type { ReactElement } from 'react';
import { useWatch } from 'react-hook-form';
import {
  nameAfterFile,
  readSecretFile,
} from '@/components/secrets/secret-file';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field } from '@/components/ui/field';
import { FileButton } from '@/components/ui/file-button';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { Input, Textarea } from '@/components/ui/input';
import { StoreSecret } from '@/lib/imagespec/secrets';
import { useStoreSecret } from '@/lib/queries/secrets';

/** Stores a new secret, or with `name` other content for that one. */
export function StoreDialog({
  name,
  taken = [],
  trigger,
}: {
  name?: string;
  /** Names there are already. */
  taken?: readonly string[];
  trigger: ReactElement;
}) {
  return (
    <FormDialog
      title={name === undefined ? 'Add a secret' : `Replace ${name}`}
      description={
        name === undefined
          ? 'A file that builds read while they install packages.'
          : 'Builds that start from now on read the new content.'
      }
      trigger={trigger}
    >
      {(close) => <StoreForm name={name} taken={taken} onDone={close} />}
    </FormDialog>
  );
}

function StoreForm({
  name,
  taken,
  onDone,
}: {
  name: string | undefined;
  taken: readonly string[];
  onDone: () => void;
}) {
  const form = useZodForm(StoreSecret, {
    defaultValues: { name: name ?? '', content: '' },
  });
  const typed = useWatch({ control: form.control, name: 'name' });
  const store = useStoreSecret();
  const replaces = name === undefined && taken.includes(typed.trim());
  const load = async (file: File) => {
    const read = await readSecretFile(file);
    if ('fault' in read) {
      form.setError('content', { message: read.fault });
      return;
    }
    form.setValue('content', read.text, { shouldValidate: true });
    if (form.getValues('name') === '') {
      form.setValue('name', nameAfterFile(file.name), { shouldValidate: true });
    }
  };
  return (
    <Form
      form={form}
      label={name === undefined ? 'Add a secret' : `Replace ${name}`}
      onSubmit={async (input) => {
        await store.mutateAsync(input);
        onDone();
      }}
    >
      {name === undefined && (
        <Field
          label="Name"
          name="name"
          hint={
            replaces ? (
              <span className="text-warn">
                There is a secret of this name already. Storing replaces it.
              </span>
            ) : (
              'What pip_secret_mounts calls the file, without its folder.'
            )
          }
        >
          <Input
            {...form.register('name')}
            isMono
            placeholder=".netrc"
            autoComplete="off"
            autoFocus
          />
        </Field>
      )}
      <Field
        label="Content"
        name="content"
        hint="Sealed with this installation's key. Nobody can read it here again, only replace it."
        action={
          <FileButton
            label="File with the content"
            onChoose={(file) => void load(file)}
          />
        }
      >
        <Textarea
          {...form.register('content')}
          isMono
          rows={5}
          wrap="off"
          className="max-h-64!"
          autoComplete="off"
          placeholder="machine index.example.com login robot password …"
        />
      </Field>
      <FormEnd>
        {name === undefined && !replaces ? 'Store it' : 'Replace it'}
      </FormEnd>
    </Form>
  );
}
