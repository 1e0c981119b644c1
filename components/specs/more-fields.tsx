'use client';
import { Controller } from 'react-hook-form';
import { FieldGroup, type SpecFormApi } from '@/components/specs/field-group';
import { PythonNumberNote } from '@/components/specs/python-number-note';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { type Option, Select } from '@/components/ui/select';
import {
  DEFAULT_MICROMAMBA_IMAGE,
  DEFAULT_PLATFORM,
  DEFAULT_UV_IMAGE,
} from '@/lib/imagespec/defaults';
import { SOURCE_COPY_MODES } from '@/lib/imagespec/schema';

const DEFAULT = 'default';

/** conda packages, which micromamba installs beside Python. */
export function CondaFields({ form }: { form: SpecFormApi }) {
  return (
    <FieldGroup
      form={form}
      title="Conda"
      about="packages and channels"
      names={['conda_packages', 'conda_channels']}
    >
      <Field
        label="conda packages"
        name="conda_packages"
        hint="One per line, such as scipy=1.13.0. Not with python_exec."
      >
        <Textarea {...form.register('conda_packages')} isMono rows={2} />
      </Field>
      <Field
        label="conda channels"
        name="conda_channels"
        hint="One per line, asked after conda-forge."
      >
        <Textarea
          {...form.register('conda_channels')}
          isMono
          rows={2}
          placeholder="bioconda"
        />
      </Field>
    </FieldGroup>
  );
}

/** How the image runs and what it is called. */
export function RuntimeFields({ form }: { form: SpecFormApi }) {
  const { control, register } = form;
  return (
    <FieldGroup
      form={form}
      title="Advanced"
      about="platform, python_exec, entrypoint, tag_format, flytekit"
      names={[
        'platform',
        'python_exec',
        'python_number',
        'entrypoint',
        'tag_format',
        'runtime_packages',
        'flytekitVersion',
      ]}
    >
      <PythonNumberNote form={form} />
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
        label="entrypoint"
        name="entrypoint"
        hint='A list, such as ["/bin/bash", "-c"]. [] clears the base image’s.'
      >
        <Input {...register('entrypoint')} isMono placeholder="not set" />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="tag_format"
          name="tag_format"
          hint="A Python format; {spec_hash} is the computed tag."
        >
          <Input
            {...register('tag_format')}
            isMono
            placeholder="{spec_hash}-gpu"
          />
        </Field>
        <Field
          label="flytekit version"
          name="flytekitVersion"
          hint="Installed unless the packages name one. Not part of the tag."
        >
          <Input
            {...register('flytekitVersion')}
            isMono
            placeholder="the team's"
          />
        </Field>
      </div>
      <Field
        label="runtime_packages"
        name="runtime_packages"
        hint="One per line. flytekit installs them when a task starts; they are not in the image or its tag."
      >
        <Textarea {...register('runtime_packages')} isMono rows={2} />
      </Field>
    </FieldGroup>
  );
}

/** What only some builders read, and the helper images of this one. */
export function BuilderFields({ form }: { form: SpecFormApi }) {
  const { register } = form;
  return (
    <FieldGroup
      form={form}
      title="Builder"
      about="helper images, options of other builders"
      names={[
        'uv_image',
        'micromamba_image',
        'builder',
        'builder_options',
        'registry_config',
        'cuda',
        'cudnn',
      ]}
    >
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
      <Field
        label="builder_options"
        name="builder_options"
        hint="A Python dict. Kept and part of the tag; only other builders read it."
      >
        <Input
          {...register('builder_options')}
          isMono
          placeholder='{"imagepull_secret_name": "ghcr"}'
        />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="builder"
          name="builder"
          hint="Which builder the code names. Imageyard builds in any case."
        >
          <Input {...register('builder')} isMono placeholder="default" />
        </Field>
        <Field
          label="registry_config"
          name="registry_config"
          hint="Only envd reads this file."
        >
          <Input {...register('registry_config')} isMono />
        </Field>
        <Field
          label="cuda"
          name="cuda"
          hint="Only envd takes it; a build here is refused while it is set."
        >
          <Input {...register('cuda')} isMono />
        </Field>
        <Field label="cudnn" name="cudnn" hint="The same.">
          <Input {...register('cudnn')} isMono />
        </Field>
      </div>
    </FieldGroup>
  );
}

const PLATFORMS = [
  DEFAULT_PLATFORM,
  'linux/arm64',
  `${DEFAULT_PLATFORM},linux/arm64`,
];

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
      label: platform.replaceAll(',', ' and '),
      ...(platform.includes(',')
        ? { detail: 'an image each, joined under one tag' }
        : {}),
    })),
  ];
}

/** Which files of `source_root` go in. */
export function CopyModeField({ form }: { form: SpecFormApi }) {
  return (
    <Controller
      control={form.control}
      name="source_copy_mode"
      render={({ field }) => (
        <Field
          label="source_copy_mode"
          name="source_copy_mode"
          hint="LOADED_MODULES can only be known by running the code."
        >
          <Select
            {...field}
            value={field.value === '' ? DEFAULT : field.value}
            onChange={(value) => field.onChange(value === DEFAULT ? '' : value)}
            options={[
              { value: DEFAULT, label: 'not set' },
              ...SOURCE_COPY_MODES.map((mode) => ({
                value: mode,
                label: mode,
              })),
            ]}
          />
        </Field>
      )}
    />
  );
}
