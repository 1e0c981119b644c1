'use client';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { SettingsForm } from '@/components/ui/settings-form';
import {
  DEFAULT_MICROMAMBA_IMAGE,
  DEFAULT_UV_IMAGE,
} from '@/lib/imagespec/defaults';
import { HelperImages } from '@/lib/imagespec/helper-images';
import { specQueries, useUpdateHelperImages } from '@/lib/queries/specs';

const orNull = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? null : value;
const Text = z.object({
  uv: z.string().transform(orNull).pipe(HelperImages.shape.uv),
  micromamba: z.string().transform(orNull).pipe(HelperImages.shape.micromamba),
});

/** The images every build of the team takes uv and micromamba from. */
export function HelperImagesCard({ isOwner }: { isOwner: boolean }) {
  const { data } = useQuery(specQueries.helperImages);
  return (
    <Card title="Helper images for every build of this team">
      {data && <HelperImagesForm saved={data} isOwner={isOwner} />}
    </Card>
  );
}

function HelperImagesForm({
  saved,
  isOwner,
}: {
  saved: HelperImages;
  isOwner: boolean;
}) {
  const update = useUpdateHelperImages();
  const form = useZodForm(Text, {
    defaultValues: {
      uv: saved.uv ?? '',
      micromamba: saved.micromamba ?? '',
    },
  });
  return (
    <SettingsForm
      form={form}
      label="Helper images"
      isOwner={isOwner}
      onSave={update.mutateAsync}
    >
      <p className="text-ink-2">
        A build copies uv and micromamba out of two helper images. Name mirrors
        of them where the originals cannot be reached. They replace those of
        every spec, its builder_config too, and change no tag.
      </p>
      <Field label="uv" name="uv" isOptional>
        <Input
          {...form.register('uv')}
          isMono
          placeholder={DEFAULT_UV_IMAGE}
          readOnly={!isOwner}
        />
      </Field>
      <Field label="micromamba" name="micromamba" isOptional>
        <Input
          {...form.register('micromamba')}
          isMono
          placeholder={DEFAULT_MICROMAMBA_IMAGE}
          readOnly={!isOwner}
        />
      </Field>
      <p className="text-xs text-ink-3">
        They hold for builds that start from now on.
      </p>
    </SettingsForm>
  );
}
