import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { Button } from '@/components/ui/button';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { PageHeader } from '@/components/ui/page-header';
import { ConnectDialog } from '@/components/workers/connect-dialog';
import { WorkerList } from '@/components/workers/worker-list';
import { pageActor } from '@/lib/auth';
import { env } from '@/lib/env';
import { workerKeys } from '@/lib/queries/workers';
import { listWorkers } from '@/lib/services/workers';
import { VERSION } from '@/lib/version';

export const metadata: Metadata = { title: 'Workers' };

export default async function WorkersPage() {
  const actor = await pageActor();
  const workers = await listWorkers(actor);
  const isOwner = actor.role === 'owner';
  const connect = (
    <ConnectDialog
      serverUrl={env().PUBLIC_URL}
      version={VERSION}
      trigger={
        <Button
          variant="primary"
          icon={<Plus aria-hidden />}
          disabledReason={!isOwner && OWNER_ONLY}
        >
          Connect a worker
        </Button>
      }
    />
  );
  const hasSome = workers.workers.length > 0;
  return (
    <>
      <PageHeader title="Workers" actions={hasSome && connect}>
        They take queued builds and run them on their container engines.
      </PageHeader>
      <Hydrate seeds={[[workerKeys.all, workers]]}>
        <WorkerList isOwner={isOwner} connect={connect} />
      </Hydrate>
    </>
  );
}
