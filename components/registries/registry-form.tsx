'use client';
import { useRouter } from 'next/navigation';
import { useWatch } from 'react-hook-form';
import { MethodFields } from '@/components/registries/method-fields';
import {
  PlaceFields,
  type RegistryState,
  type RegistryValues,
} from '@/components/registries/place-fields';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { useCreateRegistry, useUpdateRegistry } from '@/lib/queries/registries';
import { RegistryForm as Schema } from '@/lib/registry/forms';
import { kindOf } from '@/lib/registry/kinds';
import type { RegistryView } from '@/lib/registry/views';

const EMPTY: RegistryValues = {
  name: '',
  host: '',
  namespace: '',
  plainHttp: false,
  allowPrivate: false,
  caCertificates: '',
  credential: {
    method: 'password',
    username: '',
    password: '',
    roleArn: '',
    externalId: '',
    lastDay: '',
  },
};

/** A new registry, with its credential. */
export function NewRegistryForm({ isOwner }: { isOwner: boolean }) {
  const router = useRouter();
  const form: RegistryState = useZodForm(Schema, { defaultValues: EMPTY });
  const create = useCreateRegistry();
  const submit = async (values: Schema) => {
    const { id } = await create.mutateAsync(values);
    router.push(`/registries/${id}?test=1`);
  };
  return (
    <Form
      form={form}
      onSubmit={submit}
      label="Add a registry"
      className="max-w-2xl"
    >
      <PlaceFields form={form} isOwner={isOwner} />
      <div className="mt-2 grid gap-3 border-t pt-4">
        <h2 className="font-semibold">Credential for pushing</h2>
        <p className="text-xs text-ink-3">
          Leave it empty for a registry that takes pushes from anyone. It is
          sealed with this installation&apos;s key: nobody can read it again,
          only replace it. Others for pulling and for the cluster are added
          afterwards.
        </p>
        <NewCredential form={form} isOwner={isOwner} />
      </div>
      <FormEnd>Add and test</FormEnd>
    </Form>
  );
}

function NewCredential({
  form,
  isOwner,
}: {
  form: RegistryState;
  isOwner: boolean;
}) {
  const [host, namespace, kind] = useWatch({
    control: form.control,
    name: ['host', 'namespace', 'kind'],
  });
  return (
    <MethodFields
      form={form}
      prefix="credential."
      kind={kind ?? kindOf(host)}
      place={{ host, namespace }}
      purpose="push"
      isOwner={isOwner}
      isOptional
    />
  );
}

/** Changes name and place of a registry. */
export function EditRegistryForm({
  registry,
  isOwner,
  onDone,
}: {
  registry: RegistryView;
  isOwner: boolean;
  onDone: () => void;
}) {
  const { name, host, namespace, plainHttp, isOpened } = registry;
  const form: RegistryState = useZodForm(Schema, {
    defaultValues: {
      ...EMPTY,
      name,
      host,
      namespace,
      plainHttp,
      allowPrivate: isOpened,
      kind: registry.kind,
      caCertificates: registry.caCertificates ?? '',
    },
  });
  const update = useUpdateRegistry();
  const [nowHost, nowHttp] = useWatch({
    control: form.control,
    name: ['host', 'plainHttp'],
  });
  const losesCredential =
    registry.credentials.length > 0 &&
    (nowHost !== host || nowHttp !== plainHttp);
  const submit = async ({ credential: _, ...values }: Schema) => {
    await update.mutateAsync({ ...values, registryId: registry.id });
    onDone();
  };
  return (
    <Form form={form} onSubmit={submit} label="Change the registry">
      <PlaceFields form={form} isOwner={isOwner} />
      {losesCredential && (
        <p className="text-xs text-warn">
          A credential belongs to its host: with this change those stored are
          deleted, and you type them again.
        </p>
      )}
      <FormEnd>Save</FormEnd>
    </Form>
  );
}
