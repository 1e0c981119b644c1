'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { TextLink } from '@/components/ui/link';
import { Select } from '@/components/ui/select';
import { formatTaskSearch } from '@/lib/build/task-search';
import { projectQueries } from '@/lib/queries/projects';

const ALL = 'all';

/** Which project's tasks are shown. It stands in the address, so the page can be sent to somebody. */
export function ProjectFilter({
  projectId,
}: {
  projectId: string | undefined;
}) {
  const { data: projects = [] } = useQuery(projectQueries.names);
  const router = useRouter();
  if (projects.length < 2 && projectId === undefined) return null;
  const options = [
    { value: ALL, label: 'All projects' },
    ...projects.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div className="mb-3 flex flex-wrap items-center gap-3">
      <div className="w-56">
        <Select
          aria-label="Project"
          options={options}
          value={projectId ?? ALL}
          onChange={(value) =>
            router.push(
              `/tasks${formatTaskSearch(value === ALL ? {} : { projectId: value })}`,
            )
          }
        />
      </div>
      {projectId !== undefined && (
        <TextLink href={`/tasks/projects/${projectId}`}>
          Project and its default image
        </TextLink>
      )}
    </div>
  );
}
