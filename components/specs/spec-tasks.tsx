'use client';
import { useQuery } from '@tanstack/react-query';
import { FileUp, Workflow } from 'lucide-react';
import { TaskTable } from '@/components/tasks/task-table';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { errorView } from '@/lib/queries/fetch-json';
import { specQueries } from '@/lib/queries/specs';

/** The tasks that run on an image of the spec, of any revision. */
export function SpecTasks({ specId }: { specId: string }) {
  const { data, error, refetch } = useQuery(specQueries.tasks(specId));
  if (error && !data)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton columns={7} />;
  if (data.length === 0)
    return (
      <EmptyState
        icon={<Workflow />}
        title="No known task uses this image"
        action={
          <ButtonLink href="/tasks/import" icon={<FileUp aria-hidden />}>
            Import a Python file
          </ButtonLink>
        }
      >
        Import the file your tasks are in, and they show here.
      </EmptyState>
    );
  return <TaskTable tasks={data} />;
}
