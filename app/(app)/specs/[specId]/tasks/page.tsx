import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { SpecFrame } from '@/components/specs/spec-frame';
import { SpecTasks } from '@/components/specs/spec-tasks';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getSpec } from '@/lib/services/spec-views';
import { tasksOfSpec } from '@/lib/services/task-views';

export const metadata: Metadata = { title: 'Tasks of a spec' };

export default async function SpecTasksPage({
  params,
}: PageProps<'/specs/[specId]/tasks'>) {
  const specId = pageId((await params).specId);
  const actor = await pageActor();
  const spec = await orNotFound(getSpec(actor, specId));
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
