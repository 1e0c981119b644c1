import { Fragment } from 'react';
import { BindingChip } from '@/components/tasks/binding-chip';
import {
  CurrentDigest,
  ImageSource,
  MadeBy,
} from '@/components/tasks/image-cells';
import { TextLink } from '@/components/ui/link';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { TaskImageView, TaskItemView } from '@/lib/build/task-views';

/** Task → image reference → digest → build, a row for each image. */
export function TaskTable({
  tasks,
  hasProject = true,
}: {
  tasks: readonly TaskItemView[];
  /** Left out where all are of one project. */
  hasProject?: boolean;
}) {
  return (
    <Table label="Tasks" narrow="stack">
      <THead>
        <Th>Task</Th>
        {hasProject && <Th>Project</Th>}
        <Th>Held</Th>
        <Th>Image</Th>
        <Th>Digest now</Th>
        <Th>Built by</Th>
        <Th isNumeric>Tag looked at</Th>
      </THead>
      <TBody>
        {tasks.map((task) => (
          <Fragment key={task.id}>
            {task.version.images.map((image) => (
              <Row
                key={image.container}
                task={task}
                image={image}
                hasProject={hasProject}
              />
            ))}
          </Fragment>
        ))}
      </TBody>
    </Table>
  );
}

/** Where there is no room, the module is shortened, never the function. */
function TaskLink({ task }: { task: Pick<TaskItemView, 'id' | 'name'> }) {
  const dot = task.name.lastIndexOf('.') + 1;
  return (
    <TextLink
      href={`/tasks/${task.id}`}
      className="flex min-w-0"
      title={task.name}
      aria-label={task.name}
    >
      <span className="truncate">{task.name.slice(0, dot)}</span>
      <span className="max-w-full shrink-0 truncate">
        {task.name.slice(dot)}
      </span>
    </TextLink>
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function Row({
  task,
  image,
  hasProject,
}: {
  task: TaskItemView;
  image: TaskImageView;
  hasProject: boolean;
}) {
  const { version, project } = task;
  return (
    <Tr>
      <Td className="min-w-0 sm:w-[22%] sm:max-w-0">
        <span className="grid min-w-0">
          <TaskLink task={task} />
          <span
            className="truncate text-xs text-ink-3"
            title={`${version.fileName}, line ${version.line}, version ${version.version}`}
          >
            <span className="font-mono">{version.version}</span> ·{' '}
            {baseName(version.fileName)}:{version.line}
          </span>
        </span>
      </Td>
      {hasProject && (
        <Td label="Project" className="min-w-0 sm:w-[10%] sm:max-w-0">
          <TextLink
            href={`/tasks/projects/${project.id}`}
            className="block truncate"
            title={project.name}
          >
            {project.name}
          </TextLink>
        </Td>
      )}
      <Td label="Held">
        <BindingChip binding={image.binding} />
      </Td>
      <Td label="Image" className="min-w-0 sm:w-[28%] sm:max-w-0">
        <ImageSource image={image} projectId={project.id} />
      </Td>
      <Td label="Digest now" className="sm:whitespace-nowrap">
        <CurrentDigest image={image} />
      </Td>
      <Td label="Built by">
        <MadeBy build={image.build} />
      </Td>
      <Td label="Tag looked at" isNumeric className="text-ink-2">
        {image.checkedAt ? (
          <Time at={image.checkedAt} />
        ) : (
          <span className="text-ink-3">–</span>
        )}
      </Td>
    </Tr>
  );
}
