'use client';
import { useQuery } from '@tanstack/react-query';
import { FileUp, Workflow } from 'lucide-react';
import { importHref } from '@/components/projects/hrefs';
import { CheckTagsButton } from '@/components/tasks/check-tags-button';
import { ProjectFilter } from '@/components/tasks/project-filter';
import { TaskTable } from '@/components/tasks/task-table';
import { TaskTabs } from '@/components/tasks/task-tabs';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { PageHeader } from '@/components/ui/page-header';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { formatTaskSearch, type TaskFilter } from '@/lib/build/task-search';
import { errorView } from '@/lib/queries/fetch-json';
import { taskQueries } from '@/lib/queries/tasks';

/** The team's tasks by name, or those of one project. */
export function TaskList({ filter }: { filter: TaskFilter }) {
  const { data, error, refetch } = useQuery(taskQueries.list(filter));
  const { after: _, ...ofProject } = filter;
  const isNothing = data?.items.length === 0;
  const isEmpty = isNothing && Object.keys(filter).length === 0;
  return (
    <>
      <PageHeader
        title="Tasks"
        actions={
          !isEmpty && (
            <>
              {data && <CheckTagsButton tasks={data.items} />}
              <ButtonLink
                href={importHref(filter.projectId)}
                variant="primary"
                icon={<FileUp aria-hidden />}
              >
                Import Python
              </ButtonLink>
            </>
          )
        }
      />
      <TaskTabs />
      {!isEmpty && <ProjectFilter projectId={filter.projectId} />}
      {error && !data ? (
        <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <TableSkeleton columns={7} />
      ) : isEmpty ? (
        <NoTasks />
      ) : isNothing ? (
        <NoneOfProject projectId={filter.projectId} />
      ) : (
        <TaskTable
          tasks={data.items}
          hasProject={filter.projectId === undefined}
        />
      )}
      {data && (
        <Pager
          order="name"
          firstHref={
            filter.after === undefined
              ? null
              : `/tasks${formatTaskSearch(ofProject)}`
          }
          nextHref={
            data.next === null
              ? null
              : `/tasks${formatTaskSearch({ ...ofProject, after: data.next })}`
          }
        />
      )}
    </>
  );
}

function NoTasks() {
  return (
    <EmptyState
      icon={<Workflow />}
      title="No task is known yet"
      action={
        <ButtonLink
          href="/tasks/import"
          variant="primary"
          icon={<FileUp aria-hidden />}
        >
          Import a Python file
        </ButtonLink>
      }
    >
      Paste or upload a file with your tasks. It is read, never run, and shows
      which task runs on which image, down to the digest.
    </EmptyState>
  );
}

function NoneOfProject({ projectId }: { projectId: string | undefined }) {
  return (
    <EmptyState
      icon={<Workflow />}
      title="No task here"
      action={
        <>
          <ButtonLink
            href={importHref(projectId)}
            variant="primary"
            icon={<FileUp aria-hidden />}
          >
            Import into it
          </ButtonLink>
          <ButtonLink href="/tasks">Show all tasks</ButtonLink>
        </>
      }
    >
      The project holds no task yet, or it was deleted.
    </EmptyState>
  );
}
