import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { WorkerPanel } from '@/components/workers/worker-panel';
import { pageActor } from '@/lib/auth';
import { workerKeys } from '@/lib/queries/workers';
import { listWorkers } from '@/lib/services/workers';
import { VERSION } from '@/lib/version';

const readWorkers = cache(async (workerId: string) => {
  const actor = await pageActor();
  const workers = await listWorkers(actor);
  const worker = workers.workers.find(({ id }) => id === workerId);
  const isOwner = actor.role === 'owner';
  return worker ? { worker, workers, isOwner } : notFound();
});

export async function generateMetadata({
  params,
}: PageProps<'/workers/[workerId]'>): Promise<Metadata> {
  const { workerId } = await params;
  return { title: (await readWorkers(workerId)).worker.name };
}

export default async function WorkerPage({
  params,
}: PageProps<'/workers/[workerId]'>) {
  const { workerId } = await params;
  const { workers, isOwner } = await readWorkers(workerId);
  return (
    <Hydrate seeds={[[workerKeys.all, workers]]}>
      <WorkerPanel workerId={workerId} isOwner={isOwner} version={VERSION} />
    </Hydrate>
  );
}
