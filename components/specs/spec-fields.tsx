'use client';
import { useState } from 'react';
import { Controller, type UseFormReturn, useWatch } from 'react-hook-form';
import { RegistryField } from '@/components/specs/registry-field';
import { DEFAULT_FILE, type SpecDraft } from '@/components/specs/spec-draft';
import { Disclosure } from '@/components/ui/disclosure';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { type Option, Select } from '@/components/ui/select';
import {
  DEFAULT_BASE_IMAGE,
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_MICROMAMBA_IMAGE,
  DEFAULT_PLATFORM,
  DEFAULT_PYTHON_VERSION,
  DEFAULT_UV_IMAGE,
} from '@/lib/imagespec/defaults';
import { isFlytekit } from '@/lib/imagespec/requirements';
import type { RegistryItemView } from '@/lib/registry/views';

type Form = UseFormReturn<SpecDraft>;

/** The fields most specs need, in the order people think of them. */
export function SpecFields({
  form,
  registries,
  written,
  isNew,
}: {
  form: Form;
  registries: readonly RegistryItemView[];
  /** What the saved spec says its registry is. */
  written: string;
  isNew: boolean;
}) {
  const { register } = form;
  return (
    <>
      <Field
        label="Name"
        name="name"
        hint="The repository below the registry. The spec is called the same."
      >
        <Input
          {...register('name')}
          isMono
          placeholder="train"
          autoFocus={isNew}
        />
      </Field>
      <RegistryField form={form} registries={registries} written={written} />
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_9rem]">
        <Field label="Base image" name="base_image">
          <Input
            {...register('base_image')}
            isMono
            placeholder={DEFAULT_BASE_IMAGE}
          />
        </Field>
        <Field label="Python version" name="python_version">
          <Input
            {...register('python_version')}
            isMono
            placeholder={DEFAULT_PYTHON_VERSION}
          />
        </Field>
      </div>
      <Field
        label="Python packages"
        name="packages"
        hint={<PackagesHint form={form} />}
      >
        <Textarea
          {...register('packages')}
          isMono
          rows={4}
          placeholder={'pandas==2.2.2\nscikit-learn>=1.4'}
        />
      </Field>
      <Field label="apt packages" name="apt_packages" hint="One per line.">
        <Textarea
          {...register('apt_packages')}
          isMono
          rows={2}
          placeholder="git"
        />
      </Field>
      <Field
        label="Environment"
        name="env"
        hint="NAME=value, one per line. Spaces around the value count."
      >
        <Textarea
          {...register('env')}
          isMono
          rows={2}
          placeholder="PIP_NO_CACHE_DIR=1"
        />
      </Field>
      <Field
        label="Commands"
        name="commands"
        hint="One per line, run as root after the packages. A backslash at the end goes on in the next line."
      >
        <Textarea {...register('commands')} isMono rows={2} />
      </Field>
      <RequirementsFields form={form} />
    </>
  );
}

function PackagesHint({ form }: { form: Form }) {
  const [packages, requirements] = useWatch({
    control: form.control,
    name: ['packages', 'requirementsText'],
  });
  const hasOwn = `${packages}\n${requirements}`
    .split('\n')
    .some((line) => isFlytekit(line.trim()));
  return hasOwn
    ? 'One per line. flytekit is taken from your own line.'
    : `One per line. flytekit ${DEFAULT_FLYTEKIT_VERSION} is added.`;
}

function RequirementsFields({ form }: { form: Form }) {
  return (
    <>
      <Field
        label="Requirements file"
        name="requirementsText"
        hint="Its text, installed before the packages. Options such as --index-url belong here."
      >
        <Textarea {...form.register('requirementsText')} isMono rows={3} />
      </Field>
      <FileName form={form} />
    </>
  );
}

function FileName({ form }: { form: Form }) {
  const text = useWatch({ control: form.control, name: 'requirementsText' });
  const error = form.getFieldState('requirements', form.formState).error;
  if (text === '' && !error) return null;
  return (
    <Field
      label="Path of that file"
      name="requirements"
      hint="As the code names it. flytekit does not count it in the tag."
    >
      <Input
        {...form.register('requirements')}
        isMono
        placeholder={DEFAULT_FILE}
      />
    </Field>
  );
}

const ADVANCED = [
  'platform',
  'python_exec',
  'uv_image',
  'micromamba_image',
] as const;

const DEFAULT = 'default';
const PLATFORMS = [DEFAULT_PLATFORM, 'linux/arm64'];

/** The fields few specs need. Closed, it says what is set in it and what is wrong in it. */
export function AdvancedFields({ form }: { form: Form }) {
  const { control, register, formState } = form;
  const values = useWatch({ control, name: [...ADVANCED] });
  const set = ADVANCED.filter((_, index) => values[index] !== '');
  const faults = ADVANCED.filter((name) => formState.errors[name]).length;
  const [isOpenAtFirst] = useState(set.length > 0);
  return (
    <Disclosure
      isOpenAtFirst={isOpenAtFirst}
      summary={
        <span>
          Advanced{' '}
          {faults > 0 ? (
            <span className="text-bad">· {faults} to correct</span>
          ) : (
            <span className="text-ink-3">
              ·{' '}
              {set.length > 0
                ? `${set.join(', ')} set`
                : 'platform, python_exec, helper images'}
            </span>
          )}
        </span>
      }
    >
      <div className="grid gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <Controller
            control={control}
            name="platform"
            render={({ field }) => (
              <Field label="Platform" name="platform">
                <Select
                  {...field}
                  options={platformOptions(field.value)}
                  value={field.value === '' ? DEFAULT : field.value}
                  onChange={(value) =>
                    field.onChange(value === DEFAULT ? '' : value)
                  }
                />
              </Field>
            )}
          />
          <Field
            label="python_exec"
            name="python_exec"
            hint="Use the Python of the base image."
          >
            <Input
              {...register('python_exec')}
              isMono
              placeholder="/usr/bin/python3"
            />
          </Field>
        </div>
        <Field
          label="builder_config: uv_image"
          name="uv_image"
          hint="Counts in the tag. The team's helper images, when set, are used instead of it."
        >
          <Input
            {...register('uv_image')}
            isMono
            placeholder={DEFAULT_UV_IMAGE}
          />
        </Field>
        <Field label="builder_config: micromamba_image" name="micromamba_image">
          <Input
            {...register('micromamba_image')}
            isMono
            placeholder={DEFAULT_MICROMAMBA_IMAGE}
          />
        </Field>
      </div>
    </Disclosure>
  );
}

function platformOptions(value: string): Option[] {
  const known = [...PLATFORMS];
  if (value !== '' && !known.includes(value)) known.push(value);
  return [
    {
      value: DEFAULT,
      label: 'not set',
      detail: `flytekit takes ${DEFAULT_PLATFORM}`,
    },
    ...known.map((platform) => ({
      value: platform,
      label: platform,
      ...(platform.includes(',')
        ? { detail: 'Builds here make one platform each.' }
        : {}),
    })),
  ];
}
