import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { TaskPanel } from '@/components/tasks/task-panel';
import { readById } from '@/lib/page';
import { taskKeys } from '@/lib/queries/tasks';
import { getTask } from '@/lib/services/task-views';

const readTask = cache((id: string) => readById(getTask, id));

export async function generateMetadata({
  params,
}: PageProps<'/tasks/[taskId]'>): Promise<Metadata> {
  const { taskId } = await params;
  const { name } = await readTask(taskId);
  return { title: name };
}

export default async function TaskPage({
  params,
}: PageProps<'/tasks/[taskId]'>) {
  const { taskId } = await params;
  const task = await readTask(taskId);
  return (
    <Hydrate seeds={[[taskKeys.detail(taskId), task]]}>
      <TaskPanel taskId={taskId} />
    </Hydrate>
  );
}
