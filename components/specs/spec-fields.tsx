'use client';
import { useWatch } from 'react-hook-form';
import { BaseField } from '@/components/specs/base-field';
import type { SpecFormApi } from '@/components/specs/field-group';
import { RegistryField } from '@/components/specs/registry-field';
import { DEFAULT_FILE } from '@/components/specs/spec-draft';
import { Field } from '@/components/ui/field';
import { Input, Textarea } from '@/components/ui/input';
import { DEFAULT_PYTHON_VERSION } from '@/lib/imagespec/defaults';
import { isFlytekit, lockTool } from '@/lib/imagespec/requirements';
import type { BaseChoiceView } from '@/lib/imagespec/views';
import type { RegistryItemView } from '@/lib/registry/views';

/** The fields most specs need, in the order people think of them. */
export function SpecFields({
  form,
  registries,
  bases,
  written,
  isNew,
  teamFlytekit,
}: {
  form: SpecFormApi;
  registries: readonly RegistryItemView[];
  bases: readonly BaseChoiceView[];
  /** The flytekit of specs that name none. */
  teamFlytekit: string;
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
        <BaseField form={form} bases={bases} />
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
        hint={<PackagesHint form={form} teamFlytekit={teamFlytekit} />}
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

function PackagesHint({
  form,
  teamFlytekit,
}: {
  form: SpecFormApi;
  teamFlytekit: string;
}) {
  const [packages, requirements, version] = useWatch({
    control: form.control,
    name: ['packages', 'requirementsText', 'flytekitVersion'],
  });
  const hasOwn = `${packages}\n${requirements}`
    .split('\n')
    .some((line) => isFlytekit(line.trim()));
  return hasOwn
    ? 'One per line. flytekit is taken from your own line.'
    : `One per line. flytekit ${version.trim() || teamFlytekit} is added.`;
}

function RequirementsFields({ form }: { form: SpecFormApi }) {
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

function FileName({ form }: { form: SpecFormApi }) {
  const [text, path] = useWatch({
    control: form.control,
    name: ['requirementsText', 'requirements'],
  });
  const error = form.getFieldState('requirements', form.formState).error;
  if (text === '' && !error) return null;
  const tool = lockTool(path.trim());
  return (
    <>
      <Field
        label="Path of that file"
        name="requirements"
        hint="As the code names it: uv.lock and poetry.lock are installed by their own program. flytekit does not count the path in the tag."
      >
        <Input
          {...form.register('requirements')}
          isMono
          placeholder={DEFAULT_FILE}
        />
      </Field>
      {tool && (
        <Field
          label="pyproject.toml"
          name="pyprojectText"
          hint={`The file beside ${tool}.lock. flytekit is not added: the lock must hold it.`}
        >
          <Textarea {...form.register('pyprojectText')} isMono rows={3} />
        </Field>
      )}
    </>
  );
}
