import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { PageHeader } from '@/components/ui/page-header';
import { ConnectWorker } from '@/components/workers/connect-worker';
import { WorkerList } from '@/components/workers/worker-list';
import { pageActor } from '@/lib/auth';
import { env } from '@/lib/env';
import { workerKeys } from '@/lib/queries/workers';
import { listWorkers } from '@/lib/services/workers';

export const metadata: Metadata = { title: 'Workers' };

export default async function WorkersPage() {
  const workers = await listWorkers(await pageActor());
  return (
    <>
      <PageHeader title="Workers" />
      <Hydrate seeds={[[workerKeys.all, workers]]}>
        <WorkerList />
      </Hydrate>
      <ConnectWorker serverUrl={env().PUBLIC_URL} />
    </>
  );
}
