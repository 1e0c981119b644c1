'use client';
import type { ReactNode } from 'react';
import { Controller, type UseFormReturn } from 'react-hook-form';
import { CheckChip } from '@/components/registries/check-chip';
import {
  isUncovered,
  NONE,
  type SpecDraft,
  WRITTEN,
} from '@/components/specs/spec-draft';
import { Field } from '@/components/ui/field';
import { TextLink } from '@/components/ui/link';
import { type Option, Select } from '@/components/ui/select';
import { Time } from '@/components/ui/time';
import { chooseCredential } from '@/lib/registry/credential';
import type { RegistryItemView } from '@/lib/registry/views';

/** Where the image goes, and whether a push there was tried. */
export function RegistryField({
  form,
  registries,
  written,
}: {
  form: UseFormReturn<SpecDraft>;
  registries: readonly RegistryItemView[];
  written: string;
}) {
  return (
    <Controller
      control={form.control}
      name="registryId"
      render={({ field }) => (
        <Field
          label="Registry"
          name="registryId"
          hint={
            <Hint
              choice={field.value}
              registry={registries.find(({ id }) => id === field.value)}
              written={written}
              isEmpty={registries.length === 0}
            />
          }
        >
          <Select {...field} options={options(registries, written)} />
        </Field>
      )}
    />
  );
}

function options(
  registries: readonly RegistryItemView[],
  written: string,
): Option[] {
  return [
    ...registries.map(({ id, name, prefix }) => ({
      value: id,
      label: `${name} · ${prefix}`,
    })),
    ...(isUncovered(written, registries)
      ? [{ value: WRITTEN, label: `${written} (not among your registries)` }]
      : []),
    {
      value: NONE,
      label: 'No registry',
      detail: 'It can be saved, but not built.',
    },
  ];
}

function Hint({
  choice,
  registry,
  written,
  isEmpty,
}: {
  choice: string;
  registry: RegistryItemView | undefined;
  written: string;
  isEmpty: boolean;
}): ReactNode {
  if (choice === WRITTEN)
    return (
      <>
        No registry here covers {written}.{' '}
        <TextLink href="/registries/new">Add it</TextLink> to build.
      </>
    );
  if (!registry)
    return isEmpty ? (
      <>
        Your team has none yet.{' '}
        <TextLink href="/registries/new">Add a registry</TextLink>; what you
        typed stays here.
      </>
    ) : (
      'Without a registry the image has nowhere to go.'
    );
  const credential = chooseCredential(registry.credentials, 'push');
  if (!credential) return 'No credential is stored: pushes go in without one.';
  const { lastCheck } = credential;
  if (!lastCheck)
    return (
      <>
        Push not tested yet.{' '}
        <TextLink href={`/registries/${registry.id}`}>Test it</TextLink>
      </>
    );
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <CheckChip purpose="Push" result={lastCheck.push} />
      tested <Time at={lastCheck.at} />
    </span>
  );
}
