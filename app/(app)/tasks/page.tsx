import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { TaskList } from '@/components/tasks/task-list';
import { pageActor } from '@/lib/auth';
import { TaskSearch } from '@/lib/build/task-search';
import { projectKeys } from '@/lib/queries/projects';
import { taskKeys } from '@/lib/queries/tasks';
import { listProjectNames } from '@/lib/services/project-views';
import { listTasks } from '@/lib/services/task-views';

export const metadata: Metadata = { title: 'Tasks' };

export default async function TasksPage({ searchParams }: PageProps<'/tasks'>) {
  const actor = await pageActor();
  // An address that cannot be read shows all of them.
  const filter = TaskSearch.safeParse(await searchParams).data ?? {};
  const [tasks, projects] = await Promise.all([
    listTasks(actor, filter),
    listProjectNames(actor),
  ]);
  return (
    <Hydrate
      seeds={[
        [taskKeys.list(filter), tasks],
        [projectKeys.names, projects],
      ]}
    >
      <TaskList filter={filter} />
    </Hydrate>
  );
}
