'use client';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { showFailure } from '@/components/ui/toast';
import type { TaskItemView } from '@/lib/build/task-views';
import { useCheckTags } from '@/lib/queries/tasks';

/** Asks the registries where the tags that these tasks name point now. */
export function CheckTagsButton({
  tasks,
}: {
  tasks: readonly Pick<TaskItemView, 'version'>[];
}) {
  const check = useCheckTags();
  const [found, setFound] = useState<string | null>(null);
  const repositories = [
    ...new Set(
      tasks.flatMap(({ version }) =>
        version.images.flatMap(({ binding, repository }) =>
          binding === 'floating' && repository ? [repository.id] : [],
        ),
      ),
    ),
  ];
  if (repositories.length === 0) return null;
  return (
    <>
      {found !== null && (
        <span role="status" className="text-xs text-ink-2">
          {found}
        </span>
      )}
      <Button
        icon={<RefreshCw aria-hidden />}
        isPending={check.isPending}
        onClick={() =>
          check.mutate(repositories, {
            onSuccess: ({ moved, looked, failed }) => {
              setFound(sayFound(moved, looked));
              if (failed !== undefined) showFailure(failed);
            },
          })
        }
      >
        Check tags now
      </Button>
    </>
  );
}

function sayFound(moved: number, looked: number): string {
  const tags = looked === 1 ? '1 tag' : `${looked} tags`;
  return moved === 0
    ? `Looked at ${tags}, none moved.`
    : `Looked at ${tags}, ${moved} moved.`;
}
