import type { ReactNode } from 'react';
import { Hydrate } from '@/components/hydrate';
import { Shell } from '@/components/shell/shell';
import { WorkerStatus } from '@/components/workers/worker-status';
import { pageActor } from '@/lib/auth';
import { workerKeys } from '@/lib/queries/workers';
import { listWorkers } from '@/lib/services/workers';

export default async function AppLayout({ children }: { children: ReactNode }) {
  const actor = await pageActor();
  const { name, email, teamName } = actor;
  // Seeded here, before any page asks: a query that waits already is not seeded by the page below it.
  const seeds = [[workerKeys.all, await listWorkers(actor)]] as const;
  return (
    <Shell
      actor={{ name, email, teamName }}
      status={
        <Hydrate seeds={seeds}>
          <WorkerStatus />
        </Hydrate>
      }
    >
      {children}
    </Shell>
  );
}
