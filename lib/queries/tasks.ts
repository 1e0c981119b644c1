import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { requestTagRefresh } from '@/lib/actions/images';
import { importPython } from '@/lib/actions/tasks';
import {
  formatTaskSearch,
  type TaskCursor,
  type TaskFilter,
} from '@/lib/build/task-search';
import type { TaskItemView, TaskView } from '@/lib/build/task-views';
import type { ImportPython } from '@/lib/imagespec/inputs';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { specKeys } from '@/lib/queries/specs';

export type TaskListView = { items: TaskItemView[]; next: TaskCursor | null };

const POLL_MS = 3_000;

export const taskKeys = {
  all: ['tasks'] as const,
  list: (filter: TaskFilter) => [...taskKeys.all, 'list', filter] as const,
  detail: (taskId: string) => [...taskKeys.all, 'detail', taskId] as const,
};

/** Right after an import the tags are looked up in the background. */
function isWaiting(tasks: readonly Pick<TaskItemView, 'version'>[]): boolean {
  const freshMs = 60_000;
  return tasks.some(({ version }) =>
    version.images.some(
      (image) =>
        image.binding === 'floating' &&
        image.digest === null &&
        image.checkedAt === null &&
        Date.now() - Date.parse(version.importedAt) < freshMs,
    ),
  );
}

export const taskQueries = {
  list: (filter: TaskFilter) =>
    queryOptions({
      queryKey: taskKeys.list(filter),
      queryFn: ({ signal }) =>
        fetchJson<TaskListView>(`/api/tasks${formatTaskSearch(filter)}`, {
          signal,
        }),
      refetchInterval: ({ state }) =>
        state.data && isWaiting(state.data.items) ? POLL_MS : false,
    }),
  detail: (taskId: string) =>
    queryOptions({
      queryKey: taskKeys.detail(taskId),
      queryFn: ({ signal }) =>
        fetchJson<TaskView>(`/api/tasks/${taskId}`, { signal }),
      refetchInterval: ({ state }) =>
        state.data && isWaiting([state.data]) ? POLL_MS : false,
    }),
};

type Checked = { looked: number; moved: number; failed: unknown };

/** Looks at the tags of several repositories, one after the other; one that fails does not stop the rest. */
export function useCheckTags() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (repositoryIds: readonly string[]): Promise<Checked> => {
      const checked: Checked = { looked: 0, moved: 0, failed: undefined };
      for (const repositoryId of repositoryIds) {
        try {
          const found = unwrap(await requestTagRefresh({ repositoryId }));
          checked.looked += found.looked;
          checked.moved += found.moved.length + found.gone.length;
        } catch (error) {
          checked.failed ??= error;
        }
      }
      return checked;
    },
    onSuccess: () =>
      Promise.all(
        [taskKeys.all, specKeys.all].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export function useImportPython() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: ImportPython) =>
      unwrap(await importPython(input)),
    // Specs, tasks, a project and what is counted of them.
    onSuccess: () => client.invalidateQueries(),
  });
}
