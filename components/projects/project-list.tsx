'use client';
import { useQuery } from '@tanstack/react-query';
import { FileUp, Folder, Plus } from 'lucide-react';
import { CreateDialog } from '@/components/projects/project-dialogs';
import { ProjectTable } from '@/components/projects/project-table';
import { TaskTabs } from '@/components/tasks/task-tabs';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Pager } from '@/components/ui/pager';
import { PageHeader } from '@/components/ui/page-header';
import { TableSkeleton } from '@/components/ui/skeleton';
import { errorView } from '@/lib/queries/fetch-json';
import { projectQueries } from '@/lib/queries/projects';

/** The team's projects by name, each with the image of its tasks that name none. */
export function ProjectList({ after }: { after: string | undefined }) {
  const { data, error, refetch } = useQuery(projectQueries.list(after));
  const isEmpty = data?.items.length === 0 && after === undefined;
  return (
    <>
      <PageHeader
        title="Tasks"
        actions={
          !isEmpty && (
            <CreateDialog
              trigger={
                <Button variant="primary" icon={<Plus aria-hidden />}>
                  New project
                </Button>
              }
            />
          )
        }
      />
      <TaskTabs />
      {error && !data ? (
        <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <TableSkeleton columns={6} />
      ) : isEmpty ? (
        <NoProjects />
      ) : (
        <ProjectTable projects={data.items} />
      )}
      {data && (
        <Pager
          order="name"
          firstHref={after === undefined ? null : '/tasks/projects'}
          nextHref={
            data.next === null
              ? null
              : `/tasks/projects?after=${encodeURIComponent(data.next)}`
          }
        />
      )}
    </>
  );
}

function NoProjects() {
  return (
    <EmptyState
      icon={<Folder />}
      title="No project yet"
      action={
        <>
          <ButtonLink
            href="/tasks/import"
            variant="primary"
            icon={<FileUp aria-hidden />}
          >
            Import a Python file
          </ButtonLink>
          <CreateDialog
            trigger={<Button icon={<Plus aria-hidden />}>New project</Button>}
          />
        </>
      }
    >
      An import puts its tasks into a project, such as those of your Flyte
      installation. Each project may set the image of tasks that name none.
    </EmptyState>
  );
}
