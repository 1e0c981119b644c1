'use client';
import { type UseFormReturn } from 'react-hook-form';
import type { z } from 'zod';
import { Field } from '@/components/ui/field';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { SwitchField } from '@/components/ui/switch-field';
import { useUpdateCloudSettings } from '@/lib/queries/registries';
import { UpdateCloudSettings } from '@/lib/registry/cloud-settings';
import { isMadeBeforePush } from '@/lib/registry/kinds';
import type { RegistryKind } from '@/lib/registry/schema';
import type { CloudSettingsView } from '@/lib/registry/views';

type Values = z.input<typeof UpdateCloudSettings>;
type State = UseFormReturn<Values, unknown, UpdateCloudSettings>;

const CREATE_ACTIONS: Partial<Record<RegistryKind, string>> = {
  ecr: 'ecr:CreateRepository',
  ecr_public: 'ecr-public:CreateRepository',
};

/** How a cloud's registry gets its logins and repositories. Endpoints are an owner's to set. */
export function CloudSettingsForm({
  registryId,
  kind,
  saved,
  isOwner,
  onDone,
}: {
  registryId: string;
  kind: RegistryKind;
  saved: CloudSettingsView;
  isOwner: boolean;
  onDone: () => void;
}) {
  const form: State = useZodForm(UpdateCloudSettings, {
    defaultValues: {
      registryId,
      createsRepositories: saved.createsRepositories,
      endpoint: saved.endpoint ?? '',
      stsEndpoint: saved.stsEndpoint ?? '',
    },
  });
  const update = useUpdateCloudSettings();
  const isAmazon = isMadeBeforePush(kind);
  return (
    <Form
      form={form}
      label="Cloud settings"
      onSubmit={async (values) => {
        await update.mutateAsync(values);
        onDone();
      }}
    >
      {isAmazon && (
        <SwitchField
          control={form.control}
          name="createsRepositories"
          label="Make missing repositories before a push"
          hint={
            <>
              Needs <span className="font-mono">{CREATE_ACTIONS[kind]}</span>.
              Leave it off where a repository creation template does that, or
              where somebody else decides which repositories there are.
            </>
          }
        />
      )}
      <EndpointField
        form={form}
        name="endpoint"
        label={isAmazon ? 'ECR API endpoint' : 'Token endpoint'}
        hint={
          isAmazon
            ? 'For a VPC endpoint of the ECR API. Empty: Amazon’s own for the region.'
            : 'Where a key is changed for a token. Empty: https://oauth2.googleapis.com/token.'
        }
        isDisabled={!isOwner}
      />
      {isAmazon && (
        <EndpointField
          form={form}
          name="stsEndpoint"
          label="STS endpoint"
          hint="For a VPC endpoint of STS, where roles are assumed. Empty: Amazon’s own for the region."
          isDisabled={!isOwner}
        />
      )}
      {!isOwner && (
        <p className="text-xs text-ink-3">
          Signed requests go to an endpoint, so only an owner of the team may
          set one.
        </p>
      )}
      <FormEnd>Save</FormEnd>
    </Form>
  );
}

function EndpointField({
  form,
  name,
  label,
  hint,
  isDisabled,
}: {
  form: State;
  name: 'endpoint' | 'stsEndpoint';
  label: string;
  hint: string;
  isDisabled: boolean;
}) {
  return (
    <Field label={label} name={name} hint={hint} isOptional>
      <Input
        {...form.register(name)}
        isMono
        readOnly={isDisabled}
        placeholder="https://"
        autoComplete="off"
      />
    </Field>
  );
}
