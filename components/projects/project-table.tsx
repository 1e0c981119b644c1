import { VerdictChip } from '@/components/images/verdict-chip';
import { DefaultDigest } from '@/components/projects/default-image-card';
import { DEFAULT_FROM } from '@/components/projects/default-why';
import { formatCount } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { ProjectItemView } from '@/lib/build/project-views';
import { formatTaskSearch } from '@/lib/build/task-search';

/** Project → default image → digest → whether it can be pulled. */
export function ProjectTable({
  projects,
}: {
  projects: readonly ProjectItemView[];
}) {
  return (
    <Table label="Projects" narrow="stack">
      <THead>
        <Th>Project</Th>
        <Th isNumeric>Tasks</Th>
        <Th>Default image</Th>
        <Th>Digest now</Th>
        <Th>Anyone can pull</Th>
        <Th isNumeric>Checked</Th>
      </THead>
      <TBody>
        {projects.map((project) => (
          <Row key={project.id} project={project} />
        ))}
      </TBody>
    </Table>
  );
}

function Row({ project }: { project: ProjectItemView }) {
  const { id, name, image, taskCount } = project;
  return (
    <Tr>
      <Td className="min-w-0 sm:w-[20%] sm:max-w-0">
        <TextLink
          href={`/tasks/projects/${id}`}
          className="block truncate"
          title={name}
        >
          {name}
        </TextLink>
      </Td>
      <Td label="Tasks" isNumeric>
        {taskCount === 0 ? (
          <span className="text-ink-3">0</span>
        ) : (
          <TextLink
            href={`/tasks${formatTaskSearch({ projectId: id })}`}
            aria-label={`${formatCount(taskCount)} tasks of ${name}`}
          >
            {formatCount(taskCount)}
          </TextLink>
        )}
      </Td>
      <Td label="Default image" className="min-w-0 sm:w-[38%] sm:max-w-0">
        <span className="grid min-w-0">
          <span className="truncate font-mono text-xs" title={image.reference}>
            {image.reference}
          </span>
          <span className="truncate text-xs text-ink-3">
            {DEFAULT_FROM[image.from]}
          </span>
        </span>
      </Td>
      <Td label="Digest now">
        <DefaultDigest image={image} />
      </Td>
      <Td label="Anyone can pull">
        <VerdictChip verdict={image.access?.verdict ?? null} />
      </Td>
      <Td label="Checked" isNumeric className="text-ink-2">
        {image.access ? (
          <Time at={image.access.checkedAt} />
        ) : (
          <span className="text-ink-3">–</span>
        )}
      </Td>
    </Tr>
  );
}
