'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactElement, useState } from 'react';
import { Controller, useWatch } from 'react-hook-form';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Select } from '@/components/ui/select';
import { Spinner } from '@/components/ui/spinner';
import { Switch } from '@/components/ui/switch';
import { useStartCopy } from '@/lib/queries/inventory';
import { registryQueries } from '@/lib/queries/registries';
import { CopyImage } from '@/lib/registry/inventory-forms';
import type { RegistryItemView } from '@/lib/registry/views';

type Props = {
  repositoryId: string;
  digest: string;
  /** Path to offer in the other registry. */
  path: string;
  tags: readonly string[];
};

/** Starts a copy to one of the team's registries and goes to where it can be watched. */
export function CopyDialog({
  trigger,
  ...image
}: Props & { trigger: ReactElement }) {
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery({ ...registryQueries.list, enabled: isOpen });
  const registries = data?.filter(({ archivedAt }) => archivedAt === null);
  return (
    <Dialog
      title="Copy this image"
      description="With all of its platforms and attestations, digest unchanged."
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={setOpen}
    >
      {registries === undefined ? (
        <p className="flex items-center gap-2 text-ink-2">
          <Spinner /> Reading the registries…
        </p>
      ) : registries.length === 0 ? (
        <p className="text-ink-2">
          There is no registry to copy to.{' '}
          <TextLink href="/registries/new">Add one</TextLink>
        </p>
      ) : (
        <CopyForm {...image} registries={registries} />
      )}
    </Dialog>
  );
}

function CopyForm({
  repositoryId,
  digest,
  path,
  tags,
  registries,
}: Props & { registries: readonly RegistryItemView[] }) {
  const router = useRouter();
  const start = useStartCopy();
  const form = useZodForm(CopyImage, {
    defaultValues: {
      repositoryId,
      digest,
      registryId: registries[0]?.id ?? '',
      path,
      tag: tags[0] ?? '',
      mayMove: false,
      withReferrers: true,
    },
  });
  const [registryId, typedPath, tag] = useWatch({
    control: form.control,
    name: ['registryId', 'path', 'tag'],
  });
  const prefix = registries.find(({ id }) => id === registryId)?.prefix ?? '';
  return (
    <Form
      form={form}
      label="Copy this image"
      onSubmit={async (input) => {
        const { copyId } = await start.mutateAsync(input);
        router.push(`/images/copies/${copyId}`);
      }}
    >
      <Controller
        control={form.control}
        name="registryId"
        render={({ field }) => (
          <Field label="Registry" name="registryId">
            <Select
              {...field}
              options={registries.map(({ id, name, prefix: place }) => ({
                value: id,
                label: `${name} · ${place}`,
              }))}
            />
          </Field>
        )}
      />
      <Field label="Repository" name="path">
        <Input {...form.register('path')} isMono autoComplete="off" />
      </Field>
      <Field
        label="Tag"
        name="tag"
        isOptional
        hint="Empty: by its digest alone."
      >
        <Input {...form.register('tag')} isMono autoComplete="off" />
      </Field>
      <p className="text-xs text-ink-3">
        It will be{' '}
        <span className="font-mono break-all text-ink-2">
          {prefix}/{typedPath}
          {tag === '' ? '@sha256:…' : `:${tag}`}
        </span>
      </p>
      <Controller
        control={form.control}
        name="withReferrers"
        render={({ field }) => (
          <Switch
            label="Signatures and SBOMs too"
            hint="What refers to the image or to a part of it."
            checked={field.value}
            onChange={field.onChange}
            onBlur={field.onBlur}
            name={field.name}
            ref={field.ref}
          />
        )}
      />
      <Controller
        control={form.control}
        name="mayMove"
        render={({ field }) => (
          <Switch
            label="Move the tag if it points to another image there"
            checked={field.value}
            onChange={field.onChange}
            onBlur={field.onBlur}
            name={field.name}
            ref={field.ref}
          />
        )}
      />
      <FormFailure />
      <div>
        <SubmitButton>Start copying</SubmitButton>
      </div>
    </Form>
  );
}
