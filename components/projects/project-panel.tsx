'use client';
import { useQuery } from '@tanstack/react-query';
import { FileUp, Pencil, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { DefaultImageCard } from '@/components/projects/default-image-card';
import { importHref } from '@/components/projects/hrefs';
import { RenameDialog } from '@/components/projects/project-dialogs';
import { ProjectImageForm } from '@/components/projects/project-image-form';
import { TaskTable } from '@/components/tasks/task-table';
import { Button, ButtonLink } from '@/components/ui/button';
import { Columns, Section } from '@/components/ui/card';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { formatCount } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { OWNER_ONLY } from '@/components/ui/owner-only';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import type { ProjectView } from '@/lib/build/project-views';
import { formatTaskSearch } from '@/lib/build/task-search';
import { projectQueries, useDeleteProject } from '@/lib/queries/projects';

/** One project: the image of its tasks that name none, and which those are. */
export function ProjectPanel({
  projectId,
  isOwner,
}: {
  projectId: string;
  isOwner: boolean;
}) {
  const { data: project } = useQuery(projectQueries.detail(projectId));
  if (!project) return null;
  const { name, taskCount, createdAt, createdBy } = project;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Tasks', href: '/tasks' },
          { label: 'Projects', href: '/tasks/projects' },
        ]}
        title={<span className="break-all">{name}</span>}
        actions={<Actions project={project} isOwner={isOwner} />}
      >
        {taskCount === 0 ? (
          <span>no task yet</span>
        ) : (
          <TextLink href={`/tasks${formatTaskSearch({ projectId })}`}>
            {countTasks(taskCount)}
          </TextLink>
        )}
        <span>
          made <Time at={createdAt} />
          {createdBy !== null && ` by ${createdBy}`}
        </span>
      </PageHeader>
      <Columns>
        <DefaultImageCard project={project} />
        <ProjectImageForm project={project} isOwner={isOwner} />
      </Columns>
      <DefaultTasks project={project} />
    </>
  );
}

function countTasks(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'task' : 'tasks'}`;
}

function DefaultTasks({ project }: { project: ProjectView }) {
  const { id, taskCount, defaultCount, defaultTasks } = project;
  const isCut = defaultCount > defaultTasks.length;
  return (
    <Section title={`${countTasks(defaultCount)} on the default image`}>
      {defaultTasks.length === 0 ? (
        <p data-prose className="text-ink-2">
          {taskCount === 0
            ? 'The project holds no task yet. '
            : 'Every task of the project names its image. '}
          <TextLink href={importHref(id)}>Import a Python file</TextLink>
        </p>
      ) : (
        <>
          <TaskTable tasks={defaultTasks} hasProject={false} />
          {isCut && (
            <p className="mt-2 text-ink-2">
              The first {defaultTasks.length} by name. All are among the{' '}
              <TextLink href={`/tasks${formatTaskSearch({ projectId: id })}`}>
                tasks of the project
              </TextLink>
              .
            </p>
          )}
        </>
      )}
    </Section>
  );
}

function Actions({
  project: { id, name, taskCount },
  isOwner,
}: {
  project: ProjectView;
  isOwner: boolean;
}) {
  const router = useRouter();
  const remove = useDeleteProject();
  return (
    <>
      <RenameDialog
        projectId={id}
        name={name}
        trigger={
          <Button
            icon={<Pencil aria-hidden />}
            disabledReason={!isOwner && OWNER_ONLY}
          >
            Rename
          </Button>
        }
      />
      <ConfirmDialog
        title={`Delete ${name}?`}
        confirmLabel="Delete it"
        onConfirm={async () => {
          await remove.mutateAsync({ projectId: id });
          router.push('/tasks/projects');
        }}
        trigger={
          <Button
            variant="danger"
            icon={<Trash2 aria-hidden />}
            disabledReason={
              isOwner
                ? taskCount > 0 &&
                  'It holds tasks, whose history would go with it. Only an empty project can be deleted.'
                : OWNER_ONLY
            }
          >
            Delete
          </Button>
        }
      >
        <p>It holds no task. Its default image is forgotten with it.</p>
      </ConfirmDialog>
      <ButtonLink
        href={importHref(id)}
        variant="primary"
        icon={<FileUp aria-hidden />}
      >
        Import Python
      </ButtonLink>
    </>
  );
}
