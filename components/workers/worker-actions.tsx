'use client';
import { Pause, Pencil, Play, Unplug } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { FormDialog } from '@/components/ui/form-dialog';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { showFailure } from '@/components/ui/toast';
import {
  WorkerFields,
  type WorkerForm,
} from '@/components/workers/worker-fields';
import { CreateEnrolment } from '@/lib/build/worker-forms';
import type { WorkerView } from '@/lib/build/views';
import {
  usePauseWorker,
  useRevokeWorker,
  useUpdateWorker,
} from '@/lib/queries/workers';

/** What an owner can do with a worker. */
export function WorkerActions({
  worker,
  isOwner,
}: {
  worker: WorkerView;
  isOwner: boolean;
}) {
  const pause = usePauseWorker();
  const isPaused = worker.paused !== null;
  const disabledReason = !isOwner && OWNER_ONLY;
  return (
    <>
      <Button
        icon={isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
        isPending={pause.isPending}
        disabledReason={disabledReason}
        onClick={() =>
          pause.mutate(
            { workerId: worker.id, isPaused },
            { onError: showFailure },
          )
        }
      >
        {isPaused ? 'Take builds again' : 'Pause'}
      </Button>
      <FormDialog
        title={`Edit ${worker.name}`}
        description="Builds that run now are not touched."
        trigger={
          <Button icon={<Pencil aria-hidden />} disabledReason={disabledReason}>
            Edit
          </Button>
        }
      >
        {(close) => <EditForm worker={worker} onDone={close} />}
      </FormDialog>
      {!worker.isLocal && (
        <RevokeDialog worker={worker} disabledReason={disabledReason} />
      )}
    </>
  );
}

function EditForm({
  worker,
  onDone,
}: {
  worker: WorkerView;
  onDone: () => void;
}) {
  const form: WorkerForm = useZodForm(CreateEnrolment, {
    defaultValues: {
      name: worker.name,
      labels: worker.labels.join(', '),
      isReserved: worker.isReserved,
      slots: worker.slots,
    },
  });
  const update = useUpdateWorker();
  return (
    <Form
      form={form}
      label={`Edit ${worker.name}`}
      onSubmit={async (input) => {
        await update.mutateAsync({ ...input, workerId: worker.id });
        onDone();
      }}
    >
      <WorkerFields form={form} isLocal={worker.isLocal} />
      <FormEnd>Save</FormEnd>
    </Form>
  );
}

function RevokeDialog({
  worker,
  disabledReason,
}: {
  worker: WorkerView;
  disabledReason: string | false;
}) {
  const router = useRouter();
  const revoke = useRevokeWorker();
  const { builds } = worker;
  return (
    <ConfirmDialog
      title={`Revoke ${worker.name}?`}
      confirmLabel="Revoke it"
      onConfirm={async () => {
        await revoke.mutateAsync({ workerId: worker.id });
        router.push('/workers');
      }}
      trigger={
        <Button
          variant="danger"
          icon={<Unplug aria-hidden />}
          disabledReason={disabledReason}
        >
          Revoke
        </Button>
      }
    >
      Its secret opens nothing any more. Connecting it again takes a new code.
      {builds.length > 0 &&
        ` It has ${builds.length === 1 ? 'a build' : `${builds.length} builds`} in hand: what has not begun to push is queued again for another worker, the rest ends as lost.`}
    </ConfirmDialog>
  );
}
