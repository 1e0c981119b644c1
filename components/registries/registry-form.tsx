'use client';
import { useRouter } from 'next/navigation';
import { type ReactNode } from 'react';
import {
  Controller,
  type UseFormReturn,
  useFormState,
  useWatch,
} from 'react-hook-form';
import type { z } from 'zod';
import { Field } from '@/components/ui/field';
import { messageAt } from '@/components/ui/field-messages';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { PasswordInput } from '@/components/ui/password-input';
import { Switch } from '@/components/ui/switch';
import { useCreateRegistry, useUpdateRegistry } from '@/lib/queries/registries';
import { RegistryForm as Schema } from '@/lib/registry/forms';
import type { RegistryView } from '@/lib/registry/views';

type Values = z.input<typeof Schema>;
type State = UseFormReturn<Values, unknown, Schema>;

const EMPTY: Values = {
  name: '',
  host: '',
  namespace: '',
  plainHttp: false,
  allowPrivate: false,
  credential: { method: 'password', username: '', password: '' },
};

/** A new registry, with its credential. */
export function NewRegistryForm({ isOwner }: { isOwner: boolean }) {
  const router = useRouter();
  const form: State = useZodForm(Schema, { defaultValues: EMPTY });
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
      <div className="mt-2 grid gap-3 border-t pt-4 sm:grid-cols-2">
        <CredentialFields
          register={form.register}
          prefix="credential."
          isOptional
        />
      </div>
      <p className="text-xs text-ink-3">
        The password or token is sealed with this installation&apos;s key.
        Nobody can read it again, only replace it.
      </p>
      <FormFailure />
      <div>
        <SubmitButton>Add and test</SubmitButton>
      </div>
    </Form>
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
  const form: State = useZodForm(Schema, {
    defaultValues: {
      ...EMPTY,
      name,
      host,
      namespace,
      plainHttp,
      allowPrivate: isOpened,
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
      <FormFailure />
      <div>
        <SubmitButton>Save</SubmitButton>
      </div>
    </Form>
  );
}

type CredentialNames = {
  register: (name: never) => object;
  prefix: string;
  isOptional?: boolean;
};

/** User name and password or token; never filled in from anywhere. */
export function CredentialFields({
  register,
  prefix,
  isOptional = false,
}: CredentialNames) {
  const props = (name: string) => register(`${prefix}${name}` as never);
  return (
    <>
      <Field
        label="User name"
        name={`${prefix}username`}
        isOptional={isOptional}
        hint={
          isOptional
            ? 'Leave both empty for a registry that takes pushes from anyone.'
            : undefined
        }
      >
        <Input {...props('username')} isMono autoComplete="off" />
      </Field>
      <Field
        label="Password or token"
        name={`${prefix}password`}
        isOptional={isOptional}
      >
        <PasswordInput {...props('password')} autoComplete="new-password" />
      </Field>
    </>
  );
}

const LOCAL = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/;

function PlaceFields({ form, isOwner }: { form: State; isOwner: boolean }) {
  const { control, register } = form;
  const [host, plainHttp, allowPrivate, namespace] = useWatch({
    control,
    name: ['host', 'plainHttp', 'allowPrivate', 'namespace'],
  });
  const { errors } = useFormState({ control });
  const needsYes =
    plainHttp ||
    allowPrivate ||
    LOCAL.test(host) ||
    messageAt(errors, 'allowPrivate') !== undefined;
  const prefix = `${host || 'ghcr.io'}/${namespace || (host ? '' : 'acme/')}${namespace ? '/' : ''}`;
  return (
    <>
      <Field label="Name" name="name" hint="What your team calls it.">
        <Input {...register('name')} placeholder="GitHub" autoFocus />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Host"
          name="host"
          hint="With the port, when it is not 443."
        >
          <Input {...register('host')} isMono placeholder="ghcr.io" />
        </Field>
        <Field
          label="Namespace"
          name="namespace"
          isOptional
          hint={
            <>
              Images go to <span className="font-mono">{prefix}…</span>
            </>
          }
        >
          <Input {...register('namespace')} isMono placeholder="acme" />
        </Field>
      </div>
      <Toggle
        form={form}
        name="plainHttp"
        label="Plain http"
        hint="For a registry without TLS. Nodes refuse it unless they are configured to trust it."
      />
      {needsYes && (
        <Toggle
          form={form}
          name="allowPrivate"
          label="Allow this address"
          isDisabled={!isOwner}
          hint={
            isOwner
              ? `Loopback, private and plain-http hosts are closed. This opens exactly ${host || 'this host and port'}, and nothing else.`
              : 'Only an owner of the team may open loopback, private and plain-http hosts.'
          }
        />
      )}
    </>
  );
}

function Toggle({
  form,
  name,
  label,
  hint,
  isDisabled = false,
}: {
  form: State;
  name: 'plainHttp' | 'allowPrivate';
  label: string;
  hint: ReactNode;
  isDisabled?: boolean;
}) {
  const { errors } = useFormState({ control: form.control });
  const message = messageAt(errors, name);
  return (
    <Controller
      control={form.control}
      name={name}
      render={({ field }) => (
        <Field label="" name={name} className="[&>div:first-child]:hidden">
          <Switch
            label={label}
            hint={message === undefined ? hint : undefined}
            checked={field.value ?? false}
            onChange={field.onChange}
            onBlur={field.onBlur}
            name={name}
            disabled={isDisabled}
          />
        </Field>
      )}
    />
  );
}
