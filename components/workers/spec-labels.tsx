'use client';
import { Pencil } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { FormDialog } from '@/components/ui/form-dialog';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { LabelsField } from '@/components/workers/labels-field';
import { LabelChips } from '@/components/workers/worker-signs';
import { SetSpecLabels } from '@/lib/build/worker-forms';
import { useSetSpecLabels } from '@/lib/queries/workers';

type Labelled = { id: string; name: string; workerLabels: string[] };

/** Which workers build a spec, and the way to change that. */
export function SpecLabels({ spec }: { spec: Labelled }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {spec.workerLabels.length === 0 ? (
        'any worker'
      ) : (
        <LabelChips labels={spec.workerLabels} />
      )}
      <FormDialog
        title={`Workers for ${spec.name}`}
        description="Only workers that have all of these labels build it. Builds that wait already keep theirs."
        trigger={
          <Button
            size="sm"
            variant="ghost"
            icon={<Pencil aria-hidden />}
            aria-label="Change which workers build it"
          />
        }
      >
        {(close) => <LabelsForm spec={spec} onDone={close} />}
      </FormDialog>
    </span>
  );
}

function LabelsForm({ spec, onDone }: { spec: Labelled; onDone: () => void }) {
  const form = useZodForm(SetSpecLabels, {
    defaultValues: { specId: spec.id, labels: spec.workerLabels.join(', ') },
  });
  const set = useSetSpecLabels();
  return (
    <Form
      form={form}
      label={`Workers for ${spec.name}`}
      onSubmit={async (input) => {
        await set.mutateAsync(input);
        onDone();
      }}
    >
      <LabelsField
        hint="Empty: any worker that takes builds without labels."
        register={form.register('labels')}
      />
      <FormEnd>Save</FormEnd>
    </Form>
  );
}
