import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { TaskPanel } from '@/components/tasks/task-panel';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { taskKeys } from '@/lib/queries/tasks';
import { getTask } from '@/lib/services/task-views';

export const metadata: Metadata = { title: 'Task' };

export default async function TaskPage({
  params,
}: PageProps<'/tasks/[taskId]'>) {
  const taskId = pageId((await params).taskId);
  const actor = await pageActor();
  const task = await orNotFound(getTask(actor, taskId));
  return (
    <Hydrate seeds={[[taskKeys.detail(taskId), task]]}>
      <TaskPanel taskId={taskId} />
    </Hydrate>
  );
}
