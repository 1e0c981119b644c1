import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import * as actions from '@/lib/actions/projects';
import type {
  DefaultImageView,
  ProjectListView,
  ProjectNameView,
  ProjectView,
} from '@/lib/build/project-views';
import type {
  CreateProject,
  ProjectId,
  RenameProject,
  SetProjectImage,
} from '@/lib/imagespec/projects';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { imageKeys } from '@/lib/queries/images';
import { limitKeys } from '@/lib/queries/limits';
import { taskKeys } from '@/lib/queries/tasks';

const POLL_MS = 2_000;
const POLLS = 30;

export const projectKeys = {
  all: ['projects'] as const,
  list: (after?: string) => ['projects', 'list', after ?? null] as const,
  names: ['projects', 'names'] as const,
  detail: (projectId: string) => ['projects', 'detail', projectId] as const,
};

/** Right after somebody set an image it is looked at in the background. */
function isWaiting({ from, lookedAt, tag, access }: DefaultImageView): boolean {
  return (
    from !== 'flytekit' &&
    (access === null || (tag !== null && lookedAt === null))
  );
}

export const projectQueries = {
  list: (after?: string) =>
    queryOptions({
      queryKey: projectKeys.list(after),
      queryFn: ({ signal }) =>
        fetchJson<ProjectListView>(
          `/api/projects${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
          { signal },
        ),
    }),
  names: queryOptions({
    queryKey: projectKeys.names,
    queryFn: ({ signal }) =>
      fetchJson<ProjectNameView[]>('/api/projects/names', { signal }),
  }),
  detail: (projectId: string) =>
    queryOptions({
      queryKey: projectKeys.detail(projectId),
      queryFn: ({ signal }) =>
        fetchJson<ProjectView>(`/api/projects/${projectId}`, { signal }),
      refetchInterval: ({ state }) =>
        state.data &&
        isWaiting(state.data.image) &&
        state.dataUpdateCount < POLLS
          ? POLL_MS
          : false,
    }),
};

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all(
      [projectKeys.all, taskKeys.all].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  };
}

export function useCreateProject() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CreateProject) =>
      unwrap(await actions.createProject(input)),
    onSuccess: refresh,
  });
}

export function useRenameProject() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: RenameProject) =>
      unwrap(await actions.renameProject(input)),
    onSuccess: refresh,
  });
}

export function useSetProjectImage() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: SetProjectImage) =>
      unwrap(await actions.setProjectImage(input)),
    onSuccess: refresh,
  });
}

export function useDeleteProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: ProjectId) =>
      unwrap(await actions.deleteProject(input)),
    // Its own page still asks for it while it is being left, and would be told that it is gone.
    onSuccess: () =>
      Promise.all(
        [projectKeys.names, ['projects', 'list']].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export function useCheckProjectImage() {
  const client = useQueryClient();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: ProjectId) =>
      unwrap(await actions.checkProjectImage(input)),
    onSuccess: async () => {
      await refresh();
      await client.invalidateQueries({ queryKey: imageKeys.all });
      await client.invalidateQueries({ queryKey: limitKeys.all });
    },
  });
}
