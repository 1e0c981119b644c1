'use client';
import { useState } from 'react';
import { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import {
  Form,
  FormFailure,
  SubmitButton,
  useZodForm,
} from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { showFailure } from '@/components/ui/toast';
import type { ProjectView } from '@/lib/build/project-views';
import { SetProjectImage } from '@/lib/imagespec/projects';
import { useSetProjectImage } from '@/lib/queries/projects';

/** The form holds a text; empty means the team's. */
const Text = z.object({
  image: z
    .string()
    .transform((text) => (text.trim() === '' ? null : text))
    .pipe(SetProjectImage.shape.image),
});

/** Sets the project's own default image, or clears it. */
export function ProjectImageForm({
  project: { id, ownImage, otherwise },
  isOwner,
}: {
  project: ProjectView;
  isOwner: boolean;
}) {
  const [saved, setSaved] = useState<string>();
  const set = useSetProjectImage();
  const form = useZodForm(Text, { defaultValues: { image: ownImage ?? '' } });
  const save = async (image: string | null) => {
    setSaved(undefined);
    await set.mutateAsync({ projectId: id, image });
    form.reset({ image: image ?? '' });
    setSaved(image === null ? 'The project sets none now.' : 'Saved.');
  };
  return (
    <Card title="Set by this project">
      <Form
        form={form}
        label="Default image of the project"
        onSubmit={({ image }) => save(image)}
      >
        <Field
          label="Image of tasks without one"
          name="image"
          isOptional
          hint="Empty takes the team's, or else flytekit's own. Tasks follow at once, in all their versions."
        >
          <Input
            {...form.register('image')}
            isMono
            placeholder={otherwise.reference}
            readOnly={!isOwner}
          />
        </Field>
        <FormFailure />
        {saved !== undefined && (
          <Notice tone="good" role="status" title={saved} />
        )}
        <div className="flex flex-wrap gap-2">
          <SubmitButton disabledReason={!isOwner && OWNER_ONLY}>
            Save
          </SubmitButton>
          {ownImage !== null && (
            <Button
              disabledReason={!isOwner && OWNER_ONLY}
              isPending={set.isPending}
              onClick={() => void save(null).catch(showFailure)}
            >
              Return to the team&apos;s
            </Button>
          )}
        </div>
      </Form>
    </Card>
  );
}
