'use client';
import { type UseFormReturn, useFormState, useWatch } from 'react-hook-form';
import type { z } from 'zod';
import { Disclosure } from '@/components/ui/disclosure';
import { Field } from '@/components/ui/field';
import { messageAt } from '@/components/ui/field-messages';
import { Input, Textarea } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import { SwitchField } from '@/components/ui/switch-field';
import type { RegistryForm as Schema } from '@/lib/registry/forms';
import { KINDS, kindOf } from '@/lib/registry/kinds';
import { REGISTRY_KINDS, type RegistryKind } from '@/lib/registry/schema';

export type RegistryValues = z.input<typeof Schema>;
export type RegistryState = UseFormReturn<RegistryValues, unknown, Schema>;

const LOCAL = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/;

/** Name, place and kind of a registry, and what is open and trusted for it. */
export function PlaceFields({
  form,
  isOwner,
}: {
  form: RegistryState;
  isOwner: boolean;
}) {
  const { control, register } = form;
  const [host, plainHttp, allowPrivate, namespace] = useWatch({
    control,
    name: ['host', 'plainHttp', 'allowPrivate', 'namespace'],
  });
  const { errors } = useFormState({ control });
  const chosenKind = useWatch({ control, name: 'kind' });
  const kind = chosenKind ?? kindOf(host);
  const facts = KINDS[kind];
  const needsYes =
    plainHttp ||
    allowPrivate ||
    LOCAL.test(host) ||
    messageAt(errors, 'allowPrivate') !== undefined;
  const prefix = `${host || 'ghcr.io'}/${namespace || (host ? '' : 'acme/')}${namespace ? '/' : ''}`;
  return (
    <>
      <Field label="Name" name="name" hint="What your team calls it.">
        <Input {...register('name')} placeholder={facts.name} autoFocus />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Host"
          name="host"
          hint="With the port, when it is not 443."
        >
          <Input
            {...register('host')}
            isMono
            placeholder={chosenKind ? facts.hostExample : 'ghcr.io'}
          />
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
          <Input
            {...register('namespace')}
            isMono
            placeholder={facts.namespaceExample}
          />
        </Field>
      </div>
      <KindField form={form} kind={kind} isGuessed={chosenKind === undefined} />
      <SwitchField
        control={control}
        name="plainHttp"
        label="Plain http"
        hint="For a registry without TLS. Nodes refuse it unless they are configured to trust it."
      />
      {needsYes && (
        <SwitchField
          control={control}
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
      {!plainHttp && <CertificatesField form={form} isOwner={isOwner} />}
    </>
  );
}

const KIND_OPTIONS = REGISTRY_KINDS.map((kind) => ({
  value: kind,
  label: KINDS[kind].name,
}));

/** Whose registry it is: told by the host where the host tells it, changed where it does not. */
function KindField({
  form,
  kind,
  isGuessed,
}: {
  form: RegistryState;
  kind: RegistryKind;
  isGuessed: boolean;
}) {
  const { onPush, limits } = KINDS[kind];
  return (
    <Field
      label="Kind"
      name="kind"
      hint={
        <>
          {isGuessed && 'Told by the host; choose another where it is wrong. '}
          {onPush}
          {limits.length > 0 && (
            <Disclosure summary="What this kind cannot do">
              <ul className="grid list-disc gap-1 pl-5">
                {limits.map((limit) => (
                  <li key={limit}>{limit}</li>
                ))}
              </ul>
            </Disclosure>
          )}
        </>
      }
    >
      <Select
        options={KIND_OPTIONS}
        value={kind}
        onChange={(next) => form.setValue('kind', next, { shouldDirty: true })}
      />
    </Field>
  );
}

/** Certificates trusted for this registry alone. */
function CertificatesField({
  form,
  isOwner,
}: {
  form: RegistryState;
  isOwner: boolean;
}) {
  return (
    <Disclosure summary="Own certificate authority">
      <Field
        label="CA certificates"
        name="caCertificates"
        isOptional
        hint={
          isOwner
            ? 'PEM, one or more. Trusted for this registry and its token service on the same site, for nothing else. The engine of a worker, and your nodes, must trust it by themselves.'
            : 'Only an owner of the team may change what is trusted.'
        }
      >
        <Textarea
          {...form.register('caCertificates')}
          isMono
          rows={4}
          readOnly={!isOwner}
          placeholder="-----BEGIN CERTIFICATE-----"
        />
      </Field>
    </Disclosure>
  );
}
