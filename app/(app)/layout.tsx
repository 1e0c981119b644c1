import type { ReactNode } from 'react';
import { Shell } from '@/components/shell/shell';
import { WorkerStatus } from '@/components/workers/worker-status';
import { pageActor } from '@/lib/auth';

export default async function AppLayout({ children }: { children: ReactNode }) {
  const { name, email, teamName } = await pageActor();
  return (
    <Shell actor={{ name, email, teamName }} status={<WorkerStatus />}>
      {children}
    </Shell>
  );
}
