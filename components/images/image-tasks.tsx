import { BindingChip } from '@/components/tasks/binding-chip';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/link';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import type { TaskItemView } from '@/lib/build/task-views';

type Place = { repositoryId: string; digest: string };

/** The tasks that run on this digest, pinned to it or through a tag that points to it now. */
export function ImageTasks({
  tasks,
  place,
}: {
  tasks: TaskItemView[];
  place: Place;
}) {
  const count = `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  return (
    <Card title={`Used by ${count}`} isFlush={tasks.length > 0}>
      {tasks.length === 0 ? (
        <p className="text-ink-2">
          No imported task names this digest or a tag that points to it.{' '}
          <TextLink href="/tasks/import">Import tasks</TextLink>
        </p>
      ) : (
        <Table label="Tasks on this image" isBare narrow="stack">
          <THead>
            <Th>Task</Th>
            <Th>Project</Th>
            <Th>Version</Th>
            <Th>Reference</Th>
          </THead>
          <TBody>
            {tasks.map((task) => (
              <TaskRow key={task.id} task={task} place={place} />
            ))}
          </TBody>
        </Table>
      )}
    </Card>
  );
}

function TaskRow({ task, place }: { task: TaskItemView; place: Place }) {
  const image = task.version.images.find(
    ({ repository, digest }) =>
      repository?.id === place.repositoryId && digest === place.digest,
  );
  return (
    <Tr>
      <Td label="Task">
        <TextLink href={`/tasks/${task.id}`}>{task.name}</TextLink>
      </Td>
      <Td label="Project">
        <TextLink href={`/tasks/projects/${task.project.id}`}>
          {task.project.name}
        </TextLink>
      </Td>
      <Td label="Version" className="font-mono text-xs text-ink-2">
        {task.version.version}
      </Td>
      <Td label="Reference">
        {image?.binding === 'default' ? (
          <BindingChip binding="default" />
        ) : image?.tag ? (
          <Chip
            look="hollow"
            isMono
            title={image.reference}
            className="max-w-56 truncate"
          >
            by tag {image.tag}
          </Chip>
        ) : (
          <Chip look="solid">pinned</Chip>
        )}
      </Td>
    </Tr>
  );
}
