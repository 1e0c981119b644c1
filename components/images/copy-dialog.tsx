'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { ReactElement } from 'react';
import { Controller, useWatch } from 'react-hook-form';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field } from '@/components/ui/field';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Select } from '@/components/ui/select';
import { Spinner } from '@/components/ui/spinner';
import { SwitchField } from '@/components/ui/switch-field';
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
  /** How many signatures and the like are known; more may be found by the copy. */
  referrerCount: number;
};

/** Starts a copy to one of the team's registries and goes to where it can be watched. */
export function CopyDialog({
  trigger,
  ...image
}: Props & { trigger: ReactElement }) {
  return (
    <FormDialog
      title="Copy this image"
      description="With all of its platforms and attestations, digest unchanged."
      trigger={trigger}
    >
      {() => <CopyTo {...image} />}
    </FormDialog>
  );
}

function CopyTo(image: Props) {
  const { data } = useQuery(registryQueries.list);
  const registries = data?.filter(({ archivedAt }) => archivedAt === null);
  if (registries === undefined)
    return (
      <p className="flex items-center gap-2 text-ink-2">
        <Spinner /> Reading the registries…
      </p>
    );
  if (registries.length === 0)
    return (
      <p className="text-ink-2">
        There is no registry to copy to.{' '}
        <TextLink href="/registries/new">Add one</TextLink>
      </p>
    );
  return <CopyForm {...image} registries={registries} />;
}

function CopyForm({
  repositoryId,
  digest,
  path,
  tags,
  referrerCount,
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
      <SwitchField
        control={form.control}
        name="withReferrers"
        label="Signatures and SBOMs too"
        hint={referrersHint(referrerCount)}
      />
      <SwitchField
        control={form.control}
        name="mayMove"
        label="Move the tag if it points to another image there"
      />
      <FormEnd>Start copying</FormEnd>
    </Form>
  );
}

function referrersHint(count: number): string {
  const known =
    count === 0
      ? 'None is known yet.'
      : count === 1
        ? 'One is known.'
        : `${count} are known.`;
  return `${known} The copy looks for what refers to the image or to a part of it, and for cosign’s tags.`;
}
