import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { TaskList } from '@/components/tasks/task-list';
import { pageActor } from '@/lib/auth';
import { taskKeys } from '@/lib/queries/tasks';
import { listTasks } from '@/lib/services/task-views';

export const metadata: Metadata = { title: 'Tasks' };

const Search = z.object({
  after: z.string().max(1000).optional().catch(undefined),
});

export default async function TasksPage({ searchParams }: PageProps<'/tasks'>) {
  const actor = await pageActor();
  const { after } = Search.parse(await searchParams);
  const tasks = await listTasks(actor, { after });
  return (
    <Hydrate seeds={[[taskKeys.list(after), tasks]]}>
      <TaskList after={after} />
    </Hydrate>
  );
}
