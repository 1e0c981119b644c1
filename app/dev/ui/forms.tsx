'use client';
import { useState } from 'react';
import { Controller } from 'react-hook-form';
import { z } from 'zod';
import { ArchiveField } from '@/components/specs/archive-field';
import { Card, Columns, Section } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { Input, Textarea } from '@/components/ui/input';
import { PasswordInput } from '@/components/ui/password-input';
import { Select } from '@/components/ui/select';
import { SuggestInput } from '@/components/ui/suggest-input';
import { Switch } from '@/components/ui/switch';
import { ERRORS } from '@/lib/errors';
import { RequestError } from '@/lib/queries/fetch-json';

const Example = z.object({
  name: z.string().min(1, 'Give it a name.'),
  host: z.string().min(1, 'Type a host, such as ghcr.io.'),
  packages: z.string(),
  kind: z.enum(['generic', 'github', 'ecr']),
  platform: z.string(),
  isPlain: z.boolean(),
  secret: z.string(),
});

const KINDS = [
  { value: 'generic', label: 'Any OCI registry' },
  { value: 'github', label: 'GitHub', detail: 'ghcr.io' },
  {
    value: 'ecr',
    label: 'Amazon ECR',
    detail: 'not supported yet',
    isDisabled: true,
  },
] as const;

const PLATFORMS = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm/v7',
  'linux/ppc64le',
  'linux/s390x',
];

const refused = new RequestError({
  code: 'SPEC_INVALID',
  message: 'The spec cannot be saved.',
  hint: ERRORS.SPEC_INVALID.hint,
  fields: {
    'packages.1': 'No such package.',
    name: 'Another spec has this name.',
    token: 'The token is missing.',
  },
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 1_000));

function ExampleForm() {
  const form = useZodForm(Example, {
    defaultValues: {
      name: 'etl-base',
      host: '',
      packages: 'pandas==2.2.2\nscikit-learn>=1.4',
      kind: 'github',
      platform: 'linux/amd64',
      isPlain: false,
      secret: 'copper lantern',
    },
  });
  const submit = async () => {
    await pause();
    throw refused;
  };
  return (
    <Form form={form} onSubmit={submit} label="Example">
      <FormFailure />
      <Field label="Name" name="name">
        <Input {...form.register('name')} isMono />
      </Field>
      <Field label="Host" name="host" hint="With a port where it is not 443.">
        <Input {...form.register('host')} isMono placeholder="ghcr.io" />
      </Field>
      <Field label="Kind" name="kind">
        <Controller
          control={form.control}
          name="kind"
          render={({ field }) => <Select {...field} options={KINDS} />}
        />
      </Field>
      <Field label="Platform" name="platform" isOptional>
        <Controller
          control={form.control}
          name="platform"
          render={({ field: { value, onChange, onBlur } }) => (
            <SuggestInput
              value={value}
              onChange={onChange}
              onBlur={onBlur}
              options={PLATFORMS}
            />
          )}
        />
      </Field>
      <Field
        label="Packages"
        name="packages"
        hint="One per line. flytekit is added."
        isOptional
      >
        <Textarea {...form.register('packages')} isMono rows={3} />
      </Field>
      <Field label="Password or token" name="secret">
        <PasswordInput {...form.register('secret')} autoComplete="off" />
      </Field>
      <Controller
        control={form.control}
        name="isPlain"
        render={({ field: { value, ...field } }) => (
          <Switch
            {...field}
            checked={value}
            label="Plain http"
            hint="Only for a registry inside your network."
          />
        )}
      />
      <div>
        <SubmitButton>Save</SubmitButton>
      </div>
    </Form>
  );
}

function ArchiveFields() {
  const [archive, setArchive] =
    useState<React.ComponentProps<typeof ArchiveField>['value']>(null);
  return (
    <>
      <ArchiveField value={archive} onChange={setArchive} />
      <ArchiveField
        value={null}
        onChange={setArchive}
        error="Upload the project folder; the image copies from it."
      />
    </>
  );
}

export function Forms() {
  const [isOn, setIsOn] = useState(true);
  const [kind, setKind] = useState<string | null>(null);
  return (
    <Section title="Forms">
      <Columns>
        <Card title="A form whose server refuses">
          <ExampleForm />
        </Card>
        <Card title="Every state by itself">
          <div className="grid gap-3">
            <Field
              label="apt packages"
              error="libfoo-dev is not in debian bookworm. Did you mean libfoo1-dev?"
            >
              <Textarea
                isMono
                defaultValue={'git\nbuild-essential\nlibfoo-dev'}
              />
            </Field>
            <Field label="Registry">
              <Select options={KINDS} value={kind} onChange={setKind} />
            </Field>
            <Field label="Registry" error="Choose a registry.">
              <Select options={KINDS} value={null} onChange={() => undefined} />
            </Field>
            <Field label="Disabled">
              <Input disabled value="etl-base" readOnly />
            </Field>
            <Field label="Disabled">
              <Select
                options={KINDS}
                value="github"
                onChange={() => undefined}
                disabled
              />
            </Field>
            <Field label="Read only">
              <Input readOnly value="ghcr.io/acme" isMono />
            </Field>
            <Field label="Empty">
              <Input placeholder="Placeholder" />
            </Field>
            <Switch label="On" checked={isOn} onChange={setIsOn} />
            <Switch
              label="Disabled"
              checked={false}
              disabled
              onChange={() => undefined}
            />
            <ArchiveFields />
          </div>
        </Card>
      </Columns>
    </Section>
  );
}
