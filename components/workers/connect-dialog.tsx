'use client';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { Form, FormEnd, useZodForm } from '@/components/ui/form';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Spinner } from '@/components/ui/spinner';
import { Time } from '@/components/ui/time';
import { ConnectCommands } from '@/components/workers/connect-commands';
import {
  WorkerFields,
  type WorkerForm,
} from '@/components/workers/worker-fields';
import { CreateEnrolment } from '@/lib/build/worker-forms';
import { useCreateEnrolment, workersQuery } from '@/lib/queries/workers';

type Invited = { id: string; name: string; code: string; expiresAt: string };

/** Makes a code for a new worker, says what to run with it, and waits until it is there. */
export function ConnectDialog({
  serverUrl,
  version,
  trigger,
}: {
  serverUrl: string;
  version: string;
  trigger: ReactElement;
}) {
  const [isOpen, setOpen] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  return (
    <Dialog
      title={invited ? `Connect ${invited.name}` : 'Connect a worker'}
      description={
        invited
          ? 'Run one of these where it shall build. The code is shown once, and is good once.'
          : 'It needs a container engine, and only dials out: no open port, no database.'
      }
      isWide
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => {
        setOpen(open);
        if (!open) setInvited(null);
      }}
    >
      {invited ? (
        <>
          <ConnectCommands
            serverUrl={serverUrl}
            version={version}
            code={invited.code}
            name={invited.name}
          />
          <Arrival invited={invited} />
        </>
      ) : (
        <InviteForm onInvited={setInvited} />
      )}
    </Dialog>
  );
}

function InviteForm({ onInvited }: { onInvited: (invited: Invited) => void }) {
  const form: WorkerForm = useZodForm(CreateEnrolment, {
    defaultValues: { name: '', labels: '', isReserved: false, slots: 2 },
  });
  const create = useCreateEnrolment();
  return (
    <Form
      form={form}
      label="Connect a worker"
      onSubmit={async (input) => {
        const made = await create.mutateAsync(input);
        onInvited({ ...made, name: input.name });
      }}
    >
      <WorkerFields form={form} />
      <FormEnd>Make its code</FormEnd>
    </Form>
  );
}

/** Whether the worker has come. The list is looked at every two seconds while a code waits. */
function Arrival({ invited }: { invited: Invited }) {
  const { data } = useQuery(workersQuery);
  const worker = data?.workers.find(({ name }) => name === invited.name);
  const isWaiting = data?.enrolments.some(({ id }) => id === invited.id);
  if (worker)
    return (
      <Notice
        tone="good"
        role="status"
        title={`${worker.name} is connected`}
        className="mt-3"
      >
        <TextLink href={`/workers/${worker.id}`}>Open it</TextLink>
      </Notice>
    );
  if (data && !isWaiting)
    return (
      <Notice tone="warn" title="The code has ended" className="mt-3">
        Nobody used it within ten minutes. Close this and make a new one.
      </Notice>
    );
  return (
    <p role="status" className="mt-3 flex items-center gap-2 text-ink-2">
      <Spinner />
      <span>
        Waiting for it. The code ends <Time at={invited.expiresAt} />.
      </span>
    </p>
  );
}
