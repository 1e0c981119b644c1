import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { SpecFrame } from '@/components/specs/spec-frame';
import { SpecTasks } from '@/components/specs/spec-tasks';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getSpec } from '@/lib/services/spec-views';
import { tasksOfSpec } from '@/lib/services/task-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]/tasks'>): Promise<Metadata> {
  const { specId } = await params;
  const { name } = await readSpec(specId);
  return { title: `Tasks of ${name}` };
}

export default async function SpecTasksPage({
  params,
}: PageProps<'/specs/[specId]/tasks'>) {
  const { specId } = await params;
  const actor = await pageActor();
  const spec = await readSpec(specId);
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [specKeys.tasks(specId), await tasksOfSpec(actor, specId)],
      ]}
    >
      <SpecFrame specId={specId} tab="/tasks">
        <SpecTasks specId={specId} />
      </SpecFrame>
    </Hydrate>
  );
}
