'use client';
import { useQuery } from '@tanstack/react-query';
import { FileUp, Workflow } from 'lucide-react';
import { CheckTagsButton } from '@/components/tasks/check-tags-button';
import { TaskTable } from '@/components/tasks/task-table';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { PageHeader } from '@/components/ui/page-header';
import { TableSkeleton } from '@/components/ui/skeleton';
import { errorView } from '@/lib/queries/fetch-json';
import { taskQueries } from '@/lib/queries/tasks';

/** The team's tasks by name. */
export function TaskList({ after }: { after: string | undefined }) {
  const { data, error, refetch } = useQuery(taskQueries.list(after));
  const isEmpty = data?.items.length === 0 && after === undefined;
  return (
    <>
      <PageHeader
        title="Tasks"
        actions={
          !isEmpty && (
            <>
              {data && <CheckTagsButton tasks={data.items} />}
              <ButtonLink
                href="/tasks/import"
                variant="primary"
                icon={<FileUp aria-hidden />}
              >
                Import Python
              </ButtonLink>
            </>
          )
        }
      />
      {error && !data ? (
        <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
      ) : !data ? (
        <TableSkeleton columns={6} />
      ) : isEmpty ? (
        <NoTasks />
      ) : (
        <TaskTable tasks={data.items} />
      )}
      {data && <Pages after={after} next={data.next} />}
    </>
  );
}

function Pages({
  after,
  next,
}: {
  after: string | undefined;
  next: string | null;
}) {
  if (after === undefined && next === null) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between">
      <span>
        {after !== undefined && (
          <ButtonLink href="/tasks" variant="ghost">
            First page
          </ButtonLink>
        )}
      </span>
      <span>
        {next !== null && (
          <ButtonLink
            href={`/tasks?after=${encodeURIComponent(next)}`}
            variant="ghost"
          >
            Next page
          </ButtonLink>
        )}
      </span>
    </nav>
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
