import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { WorkerPanel } from '@/components/workers/worker-panel';
import { pageActor } from '@/lib/auth';
import { workerKeys } from '@/lib/queries/workers';
import { listWorkers } from '@/lib/services/workers';

const readWorkers = cache(async (workerId: string) => {
  const workers = await listWorkers(await pageActor());
  const worker = workers.workers.find(({ id }) => id === workerId);
  return worker ? { worker, workers } : notFound();
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
  const { workers } = await readWorkers(workerId);
  return (
    <Hydrate seeds={[[workerKeys.all, workers]]}>
      <WorkerPanel workerId={workerId} />
    </Hydrate>
  );
}
