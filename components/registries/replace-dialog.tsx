'use client';
import type { UseFormReturn } from 'react-hook-form';
import type { z } from 'zod';
import { MethodFields } from '@/components/registries/method-fields';
import { PURPOSES } from '@/components/registries/purposes';
import { Button } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { useReplaceCredential } from '@/lib/queries/registries';
import {
  CredentialInput,
  type CredentialPurpose,
} from '@/lib/registry/credential';
import type { RegistryView } from '@/lib/registry/views';

/** Stores a credential for a purpose, in the place of the one there. */
export function ReplaceDialog({
  registry,
  purpose,
  isStored,
  isOwner,
  onReplaced,
}: {
  registry: RegistryView;
  purpose: CredentialPurpose;
  isStored: boolean;
  isOwner: boolean;
  onReplaced: () => void;
}) {
  return (
    <FormDialog
      title={`${isStored ? 'Replace the' : 'Store a'} ${PURPOSES[purpose].word} credential`}
      description={`${PURPOSES[purpose].what} It is tested right after it is stored.`}
      isWide
      trigger={<Button>{isStored ? 'Replace' : 'Store a credential'}</Button>}
    >
      {(close) => (
        <ReplaceForm
          registry={registry}
          purpose={purpose}
          isOwner={isOwner}
          onDone={() => {
            close();
            onReplaced();
          }}
        />
      )}
    </FormDialog>
  );
}

type CredentialValues = z.input<typeof CredentialInput>;

function ReplaceForm({
  registry,
  purpose,
  isOwner,
  onDone,
}: {
  registry: RegistryView;
  purpose: CredentialPurpose;
  isOwner: boolean;
  onDone: () => void;
}) {
  const form: UseFormReturn<CredentialValues, unknown, CredentialInput> =
    useZodForm(CredentialInput, {
      defaultValues: { method: 'password', username: '', password: '' },
    });
  const replace = useReplaceCredential();
  const submit = async (credential: CredentialInput) => {
    await replace.mutateAsync({ registryId: registry.id, purpose, credential });
    onDone();
  };
  return (
    <Form form={form} onSubmit={submit} label="Credential">
      <MethodFields
        form={form}
        prefix=""
        kind={registry.kind}
        place={registry}
        purpose={purpose}
        isOwner={isOwner}
      />
      <FormEnd>Store and test</FormEnd>
    </Form>
  );
}
