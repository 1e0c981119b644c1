'use client';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { Field } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { Input } from '@/components/ui/input';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { LabelsField } from '@/components/workers/labels-field';
import { LabelChips } from '@/components/workers/worker-signs';
import { SetRegistryBuilds } from '@/lib/build/worker-forms';
import { useSetRegistryBuilds } from '@/lib/queries/workers';
import type { RegistryView } from '@/lib/registry/views';

type Props = { registry: RegistryView; isOwner: boolean };

/** How builds that push to a registry run: on which workers, and how many at a time. */
export function BuildsCard({ registry, isOwner }: Props) {
  const { workerLabels, maxBuilds } = registry;
  return (
    <Card
      title="Builds"
      actions={<BuildsDialog registry={registry} isOwner={isOwner} />}
    >
      <KeyValues>
        <KeyValue label="Workers">
          {workerLabels.length === 0 ? (
            'any'
          ) : (
            <span className="inline-flex flex-wrap gap-1">
              <LabelChips labels={workerLabels} />
            </span>
          )}
        </KeyValue>
        <KeyValue label="At the same time">
          {maxBuilds ?? 'as many as workers have slots'}
        </KeyValue>
      </KeyValues>
    </Card>
  );
}

function BuildsDialog({ registry, isOwner }: Props) {
  return (
    <FormDialog
      title={`Builds for ${registry.name}`}
      trigger={
        <Button size="sm" disabledReason={!isOwner && OWNER_ONLY}>
          Change
        </Button>
      }
    >
      {(close) => <BuildsForm registry={registry} onDone={close} />}
    </FormDialog>
  );
}

function BuildsForm({
  registry,
  onDone,
}: {
  registry: RegistryView;
  onDone: () => void;
}) {
  const form = useZodForm(SetRegistryBuilds, {
    defaultValues: {
      registryId: registry.id,
      labels: registry.workerLabels.join(', '),
      maxBuilds: registry.maxBuilds ?? '',
    },
  });
  const set = useSetRegistryBuilds();
  return (
    <Form
      form={form}
      label={`Builds for ${registry.name}`}
      onSubmit={async (input) => {
        await set.mutateAsync(input);
        onDone();
      }}
    >
      <LabelsField
        hint="Only workers that have all of these labels build for it, such as those that can reach it. Builds that wait already keep theirs."
        register={form.register('labels')}
      />
      <Field
        label="Builds at the same time"
        name="maxBuilds"
        isOptional
        hint="For a registry that bears only so many pushes. Empty: no limit."
      >
        <Input
          {...form.register('maxBuilds')}
          inputMode="numeric"
          className="max-w-24"
        />
      </Field>
      <FormEnd>Save</FormEnd>
    </Form>
  );
}
