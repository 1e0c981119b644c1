import type { ReactNode } from 'react';
import { AlertBell } from '@/components/alerts/alert-bell';
import { Hydrate } from '@/components/hydrate';
import { Shell } from '@/components/shell/shell';
import { WorkerStatus } from '@/components/workers/worker-status';
import { pageActor } from '@/lib/auth';
import { alertKeys } from '@/lib/queries/alerts';
import { workerKeys } from '@/lib/queries/workers';
import { countUnread } from '@/lib/services/alerts';
import { listWorkers } from '@/lib/services/workers';

export default async function AppLayout({ children }: { children: ReactNode }) {
  const actor = await pageActor();
  const { name, email, teamName } = actor;
  // Seeded here, before any page asks: a query that waits already is not seeded by the page below it.
  const [workers, unread] = await Promise.all([
    listWorkers(actor),
    countUnread(actor),
  ]);
  const seeds = [
    [workerKeys.all, workers],
    [alertKeys.unread, unread],
  ] as const;
  return (
    <Shell
      actor={{ name, email, teamName }}
      status={
        <Hydrate seeds={seeds}>
          <WorkerStatus />
          <AlertBell />
        </Hydrate>
      }
    >
      {children}
    </Shell>
  );
}
