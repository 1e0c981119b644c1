'use client';
import { useEffect, useState } from 'react';
import { readSecretFile } from '@/components/secrets/secret-file';
import { CodeBlock } from '@/components/ui/code-block';
import { Field } from '@/components/ui/field';
import { FileButton } from '@/components/ui/file-button';
import { Input, Textarea } from '@/components/ui/input';
import { ExternalLink } from '@/components/ui/link';
import { PasswordInput } from '@/components/ui/password-input';
import { Select } from '@/components/ui/select';
import type { CredentialPurpose } from '@/lib/registry/credential';
import { KINDS } from '@/lib/registry/kinds';
import type { KindPlace, MethodFacts } from '@/lib/registry/kinds/kind';
import type { RegistryKind } from '@/lib/registry/schema';

/** What of react-hook-form the fields need, whatever form they stand in. */
type FormPart = {
  register: (name: never, options?: never) => object;
  setValue: (name: never, value: never, options?: never) => void;
  setError: (name: never, error: { message: string }) => void;
  clearErrors: (name: never) => void;
};

type MethodProps = {
  form: FormPart;
  /** `'credential.'` where the credential is a part of the form, else `''`. */
  prefix: string;
  kind: RegistryKind;
  place: KindPlace;
  purpose: CredentialPurpose;
  isOwner: boolean;
  isOptional?: boolean;
};

const TYPED = ['username', 'password', 'roleArn', 'externalId'];

/**
 * One credential, typed the way its kind of registry wants it: what each field takes, what it must allow, where to make
 * one. Never filled in from anywhere.
 */
export function MethodFields({
  form,
  prefix,
  kind,
  place,
  purpose,
  isOwner,
  isOptional = false,
}: MethodProps) {
  const { methods } = KINDS[kind];
  const [chosen, setChosen] = useState<string | null>(null);
  const facts = methods.find(({ id }) => id === chosen) ?? methods[0];
  const { method } = facts;
  useEffect(() => {
    form.setValue(`${prefix}method` as never, method as never);
  }, [form, prefix, method]);
  const choose = (id: string) => {
    setChosen(id);
    // What was typed for one way must not travel in another's field.
    for (const name of TYPED) {
      form.setValue(`${prefix}${name}` as never, '' as never);
      form.clearErrors(`${prefix}${name}` as never);
    }
  };
  return (
    <div className="grid gap-3">
      {methods.length > 1 && (
        <Field label="Log in with" name={`${prefix}method`}>
          <Select
            options={methods.map(({ id, label, isOwnerOnly = false }) => ({
              value: id,
              label,
              isDisabled: isOwnerOnly && !isOwner,
              ...(isOwnerOnly ? { detail: 'for an owner to choose' } : {}),
            }))}
            value={facts.id}
            onChange={choose}
          />
        </Field>
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <SecretFields
          key={facts.id}
          form={form}
          prefix={prefix}
          facts={facts}
          isOptional={isOptional}
        />
      </div>
      <Advice facts={facts} place={place} purpose={purpose} />
      <Field
        label="Last day"
        name={`${prefix}lastDay`}
        isOptional
        hint="When its maker ends it. You are warned 14 and 3 days before."
        className="sm:max-w-60"
      >
        <Input {...form.register(`${prefix}lastDay` as never)} type="date" />
      </Field>
    </div>
  );
}

function SecretFields({
  form,
  prefix,
  facts: { username, secret, details = [] },
  isOptional,
}: {
  form: FormPart;
  prefix: string;
  facts: MethodFacts;
  isOptional: boolean;
}) {
  const fixed = username && 'fixed' in username ? username.fixed : null;
  // Without a secret there is no credential, and no user name either.
  const fillIn = ({ target }: { target: { value: string } }) => {
    if (fixed !== null)
      form.setValue(
        `${prefix}username` as never,
        (target.value === '' ? '' : fixed) as never,
      );
  };
  const load = async (file: File) => {
    const name = `${prefix}password` as never;
    const read = await readSecretFile(file);
    if ('fault' in read) {
      form.setError(name, { message: read.fault });
      return;
    }
    fillIn({ target: { value: read.text } });
    form.setValue(name, read.text as never, { shouldValidate: true } as never);
  };
  const props = form.register(
    `${prefix}password` as never,
    { onChange: fillIn } as never,
  );
  return (
    <>
      {username && !('fixed' in username) && (
        <Field
          label={username.label}
          name={`${prefix}username`}
          isOptional={isOptional}
          hint={username.hint}
        >
          <Input
            {...form.register(`${prefix}username` as never)}
            isMono
            autoComplete="off"
            placeholder={username.placeholder}
          />
        </Field>
      )}
      {secret && (
        <Field
          label={secret.label}
          name={`${prefix}password`}
          isOptional={isOptional}
          hint={secret.hint}
          className={secret.file ? 'sm:col-span-2' : ''}
          action={
            secret.file && (
              <FileButton
                label={secret.label}
                accept={secret.file.accept}
                onChoose={(file) => void load(file)}
              />
            )
          }
        >
          {secret.file ? (
            <Textarea
              {...props}
              isMono
              rows={4}
              wrap="off"
              className="max-h-64!"
              autoComplete="off"
              spellCheck={false}
              placeholder={secret.placeholder}
            />
          ) : (
            <PasswordInput
              {...props}
              autoComplete="new-password"
              placeholder={secret.placeholder}
            />
          )}
        </Field>
      )}
      {details.map(({ name, label, hint, placeholder, isOptional: isFree }) => (
        <Field
          key={name}
          label={label}
          name={`${prefix}${name}`}
          isOptional={isFree}
          hint={hint}
        >
          <Input
            {...form.register(`${prefix}${name}` as never)}
            isMono
            autoComplete="off"
            placeholder={placeholder}
          />
        </Field>
      ))}
    </>
  );
}

/** What the credential must allow for its purpose, how to make one, and how long it lives. */
function Advice({
  facts,
  place,
  purpose,
}: {
  facts: MethodFacts;
  place: KindPlace;
  purpose: CredentialPurpose;
}) {
  const { steps, commands, links } = facts.create(place);
  const allowed = purpose === 'push' ? facts.allow.push : facts.allow.pull;
  return (
    <div data-prose className="grid gap-1 text-xs text-ink-2">
      <p>
        It must allow: <b className="font-semibold">{allowed}</b>.
        {facts.life !== null && ` ${facts.life}`}
      </p>
      {steps.map((step) => (
        <p key={step}>{step}</p>
      ))}
      {commands.map((command) => (
        <CodeBlock key={command} text={command} label="Command" />
      ))}
      {links.length > 0 && (
        <p className="flex flex-wrap gap-x-3">
          {links.map(({ label, url }) => (
            <ExternalLink key={url} href={url}>
              {label}
            </ExternalLink>
          ))}
        </p>
      )}
    </div>
  );
}
