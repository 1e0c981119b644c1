import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import * as actions from '@/lib/actions/specs';
import type { OwnLimits, SetSpecLimits } from '@/lib/build/limits';
import type { SpecItemView, SpecView } from '@/lib/build/spec-views';
import { isMoving } from '@/lib/build/state';
import type { TaskItemView } from '@/lib/build/task-views';
import type { HelperImages } from '@/lib/imagespec/helper-images';
import type {
  CreateSpec,
  RestoreRevision,
  SaveRevision,
  SpecId,
} from '@/lib/imagespec/inputs';
import type { TeamDefaults } from '@/lib/imagespec/team-defaults';
import type {
  BaseChoiceView,
  RevisionItemView,
  SpecMatchView,
} from '@/lib/imagespec/views';
import { buildKeys } from '@/lib/queries/builds';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { overviewKeys } from '@/lib/queries/overview';

export type SpecListFilter = { before?: string; archived?: '1' };
export type SpecListView = { items: SpecItemView[]; next: string | null };
export type RevisionListView = {
  items: RevisionItemView[];
  next: number | null;
};

const LIST_POLL_MS = 3_000;

export const specKeys = {
  all: ['specs'] as const,
  list: (filter: SpecListFilter) => [...specKeys.all, 'list', filter] as const,
  detail: (specId: string) => [...specKeys.all, 'detail', specId] as const,
  revisions: (specId: string, before?: number) =>
    [...specKeys.all, 'revisions', specId, before ?? null] as const,
  tasks: (specId: string) => [...specKeys.all, 'tasks', specId] as const,
  matches: (names: readonly string[]) =>
    [...specKeys.all, 'matches', names] as const,
  helperImages: ['specs', 'helper-images'] as const,
  bases: ['specs', 'bases'] as const,
  defaults: ['specs', 'defaults'] as const,
  limits: ['specs', 'limits'] as const,
};

export const specQueries = {
  list: (filter: SpecListFilter) =>
    queryOptions({
      queryKey: specKeys.list(filter),
      queryFn: ({ signal }) =>
        fetchJson<SpecListView>(
          `/api/specs?${new URLSearchParams(filter).toString()}`,
          { signal },
        ),
      refetchInterval: ({ state }) =>
        state.data?.items.some(
          ({ lastBuild }) => lastBuild && isMoving(lastBuild.state),
        )
          ? LIST_POLL_MS
          : false,
    }),
  detail: (specId: string) =>
    queryOptions({
      queryKey: specKeys.detail(specId),
      queryFn: ({ signal }) =>
        fetchJson<SpecView>(`/api/specs/${specId}`, { signal }),
    }),
  revisions: (specId: string, before?: number) =>
    queryOptions({
      queryKey: specKeys.revisions(specId, before),
      queryFn: ({ signal }) =>
        fetchJson<RevisionListView>(
          `/api/specs/${specId}/revisions${before === undefined ? '' : `?before=${before}`}`,
          { signal },
        ),
    }),
  tasks: (specId: string) =>
    queryOptions({
      queryKey: specKeys.tasks(specId),
      queryFn: ({ signal }) =>
        fetchJson<TaskItemView[]>(`/api/specs/${specId}/tasks`, { signal }),
    }),
  /** What is saved already under these names. */
  matches: (names: readonly string[]) =>
    queryOptions({
      queryKey: specKeys.matches(names),
      queryFn: ({ signal }) =>
        fetchJson<SpecMatchView[]>(
          `/api/specs/matches?${new URLSearchParams(names.map((name) => ['name', name])).toString()}`,
          { signal },
        ),
      enabled: names.length > 0,
    }),
  /** Specs that may be another's base image. */
  bases: queryOptions({
    queryKey: specKeys.bases,
    queryFn: ({ signal }) =>
      fetchJson<BaseChoiceView[]>('/api/specs/bases', { signal }),
  }),
  /** What holds where a spec or task says nothing. */
  defaults: queryOptions({
    queryKey: specKeys.defaults,
    queryFn: ({ signal }) =>
      fetchJson<TeamDefaults>('/api/specs/defaults', { signal }),
  }),
  helperImages: queryOptions({
    queryKey: specKeys.helperImages,
    queryFn: ({ signal }) =>
      fetchJson<HelperImages>('/api/specs/helper-images', { signal }),
  }),
  limits: queryOptions({
    queryKey: specKeys.limits,
    queryFn: ({ signal }) =>
      fetchJson<OwnLimits>('/api/specs/limits', { signal }),
  }),
};

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all(
      [specKeys.all, buildKeys.all, overviewKeys.all].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  };
}

export function useCreateSpec() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CreateSpec) =>
      unwrap(await actions.createSpec(input)),
    onSuccess: refresh,
  });
}

export function useCreateAndBuild() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CreateSpec) =>
      unwrap(await actions.createAndBuild(input)),
    onSuccess: refresh,
  });
}

export function useSaveRevision() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: SaveRevision) =>
      unwrap(await actions.saveRevision(input)),
    onSuccess: refresh,
  });
}

export function useSaveAndBuild() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: SaveRevision) =>
      unwrap(await actions.saveAndBuild(input)),
    onSuccess: refresh,
  });
}

export function useArchiveSpec() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: SpecId) =>
      unwrap(await actions.archiveSpec(input)),
    onSuccess: refresh,
  });
}

export function useRestoreSpec() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: SpecId) =>
      unwrap(await actions.restoreSpec(input)),
    onSuccess: refresh,
  });
}

export function useUpdateHelperImages() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: HelperImages) =>
      unwrap(await actions.updateHelperImages(input)),
    onSuccess: refresh,
  });
}

export function useUpdateTeamLimits() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: OwnLimits) =>
      unwrap(await actions.updateTeamLimits(input)),
    onSuccess: refresh,
  });
}

export function useSetSpecLimits() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: SetSpecLimits) =>
      unwrap(await actions.setSpecLimits(input)),
    onSuccess: refresh,
  });
}

export function useUpdateDefaults() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: TeamDefaults) =>
      unwrap(await actions.updateDefaults(input)),
    // They show at specs, tasks, projects and images.
    onSuccess: () => client.invalidateQueries(),
  });
}

export function useRestoreRevision() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: RestoreRevision) =>
      unwrap(await actions.restoreRevision(input)),
    onSuccess: refresh,
  });
}
