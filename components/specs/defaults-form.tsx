'use client';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { SettingsForm } from '@/components/ui/settings-form';
import { flytekitDefaultImage } from '@/lib/imagespec/default-image';
import {
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_PLATFORM,
} from '@/lib/imagespec/defaults';
import { TeamDefaults } from '@/lib/imagespec/team-defaults';
import { specQueries, useUpdateDefaults } from '@/lib/queries/specs';

const orNull = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? null : value;
const splitList = (value: string) =>
  value.split(/[\s,]+/).filter((part) => part !== '');

/** The form holds texts; empty means Imageyard's or flytekit's own. */
const Text = z.object({
  flytekitVersion: z
    .string()
    .transform(orNull)
    .pipe(TeamDefaults.shape.flytekitVersion),
  image: z.string().transform(orNull).pipe(TeamDefaults.shape.image),
  clusterPlatforms: z
    .string()
    .transform(splitList)
    .pipe(TeamDefaults.shape.clusterPlatforms),
});

/** What holds where a spec or a task says nothing. */
export function DefaultsCard({ isOwner }: { isOwner: boolean }) {
  const { data } = useQuery(specQueries.defaults);
  return (
    <Card title="Where a spec or task says nothing">
      {data && <DefaultsForm saved={data} isOwner={isOwner} />}
    </Card>
  );
}

function DefaultsForm({
  saved,
  isOwner,
}: {
  saved: TeamDefaults;
  isOwner: boolean;
}) {
  const update = useUpdateDefaults();
  const form = useZodForm(Text, {
    defaultValues: {
      flytekitVersion: saved.flytekitVersion ?? '',
      image: saved.image ?? '',
      clusterPlatforms: saved.clusterPlatforms.join(' '),
    },
  });
  return (
    <SettingsForm
      form={form}
      label="Defaults"
      isOwner={isOwner}
      onSave={update.mutateAsync}
    >
      <Field
        label="flytekit version"
        name="flytekitVersion"
        isOptional
        hint="Goes into images whose packages name none. Revisions that are saved already keep theirs."
      >
        <Input
          {...form.register('flytekitVersion')}
          isMono
          placeholder={DEFAULT_FLYTEKIT_VERSION}
          readOnly={!isOwner}
        />
      </Field>
      <Field
        label="Image of tasks without one"
        name="image"
        isOptional
        hint={
          <>
            As your registration sets it: --image, or images.default of the
            Flyte configuration. A{' '}
            <TextLink href="/tasks/projects">project</TextLink> may set its own.
          </>
        }
      >
        <Input
          {...form.register('image')}
          isMono
          placeholder={flytekitDefaultImage(saved.flytekitVersion)}
          readOnly={!isOwner}
        />
      </Field>
      <Field
        label="Platforms of the cluster"
        name="clusterPlatforms"
        isOptional
        hint="Checks warn of images for others."
      >
        <Input
          {...form.register('clusterPlatforms')}
          isMono
          placeholder={DEFAULT_PLATFORM}
          readOnly={!isOwner}
        />
      </Field>
    </SettingsForm>
  );
}
