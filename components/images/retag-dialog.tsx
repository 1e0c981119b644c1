'use client';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field } from '@/components/ui/field';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { Notice } from '@/components/ui/notice';
import { SwitchField } from '@/components/ui/switch-field';
import { errorView } from '@/lib/queries/fetch-json';
import { inventoryQueries, useRetagImage } from '@/lib/queries/inventory';
import { RetagImage } from '@/lib/registry/inventory-forms';

type Props = { repositoryId: string; digest: string };

/** Puts an image under one more tag, or moves a tag to it. */
export function RetagDialog({
  trigger,
  ...image
}: Props & { trigger: ReactElement }) {
  return (
    <FormDialog
      title="Tag this image"
      description="One more name for the same digest; nothing is copied."
      trigger={trigger}
    >
      {(close) => <RetagForm {...image} onDone={close} />}
    </FormDialog>
  );
}

function RetagForm({
  repositoryId,
  digest,
  onDone,
}: Props & { onDone: () => void }) {
  const form = useZodForm(RetagImage, {
    defaultValues: { repositoryId, digest, tag: '', mayMove: false },
  });
  const retag = useRetagImage();
  const { data } = useQuery(inventoryQueries.impact(repositoryId, digest));
  const isTaken =
    retag.error !== null && errorView(retag.error).code === 'TAG_TAKEN';
  return (
    <Form
      form={form}
      label="Tag this image"
      onSubmit={async (input) => {
        await retag.mutateAsync(input);
        onDone();
      }}
    >
      <Field label="Tag" name="tag">
        <Input
          {...form.register('tag')}
          isMono
          autoFocus
          autoComplete="off"
          placeholder="stable"
        />
      </Field>
      {data && data.tags.length > 0 && (
        <p className="text-xs text-ink-3">
          It has now: <span className="font-mono">{data.tags.join(', ')}</span>
        </p>
      )}
      {data?.offers.canPush === false && (
        <Notice
          tone="warn"
          title="No credential for pushing is stored for this registry."
        />
      )}
      <SwitchField
        control={form.control}
        name="mayMove"
        label="Move the tag if it points to another image"
        hint={
          isTaken
            ? 'Tasks that follow the tag run on this image from their next start.'
            : 'Off, a tag that is taken is refused.'
        }
      />
      <FormEnd>Tag it</FormEnd>
    </Form>
  );
}
