import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import * as actions from '@/lib/actions/inventory';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { imageKeys } from '@/lib/queries/images';
import type { RegistryId, RepositoryId } from '@/lib/registry/forms';
import { isUnderWay } from '@/lib/registry/inventory';
import type {
  CopyId,
  CopyImage,
  DeleteImage,
  DeleteTag,
  RetagImage,
} from '@/lib/registry/inventory-forms';
import type {
  CopyView,
  ImpactView,
  RegistryScanView,
  RepositoryItemView,
  RepositoryView,
  TagHistoryView,
  TagItemView,
} from '@/lib/registry/inventory-views';

export type RepositoryListFilter = {
  q?: string;
  registry?: string;
  after?: string;
};
export type RepositoryListView = {
  items: RepositoryItemView[];
  next: string | null;
  /** A registry is being read: more may turn up. */
  isReading: boolean;
};
export type TagListFilter = { q?: string; after?: string };
export type TagListView = { items: TagItemView[]; next: string | null };

const MOVING_POLL_MS = 1_500;

export const inventoryKeys = {
  all: ['inventory'] as const,
  repositories: (filter: RepositoryListFilter) =>
    ['inventory', 'repositories', filter] as const,
  repository: (repositoryId: string) =>
    ['inventory', 'repository', repositoryId] as const,
  allTags: (repositoryId: string) =>
    ['inventory', 'tags', repositoryId] as const,
  tags: (repositoryId: string, filter: TagListFilter) =>
    [...inventoryKeys.allTags(repositoryId), filter] as const,
  history: (repositoryId: string, tag: string) =>
    ['inventory', 'history', repositoryId, tag] as const,
  impact: (repositoryId: string, digest: string) =>
    ['inventory', 'impact', repositoryId, digest] as const,
  copy: (copyId: string) => ['inventory', 'copy', copyId] as const,
  scans: ['inventory', 'scans'] as const,
};

const isMoving = ({ sync }: RepositoryItemView) =>
  sync !== null && isUnderWay(sync.state);

export const inventoryQueries = {
  scans: queryOptions({
    queryKey: inventoryKeys.scans,
    queryFn: ({ signal }) =>
      fetchJson<RegistryScanView[]>('/api/registries/scans', { signal }),
    refetchInterval: ({ state }) =>
      state.data?.some(({ isReading }) => isReading)
        ? 2 * MOVING_POLL_MS
        : false,
  }),
  repositories: (filter: RepositoryListFilter) =>
    queryOptions({
      queryKey: inventoryKeys.repositories(filter),
      queryFn: ({ signal }) =>
        fetchJson<RepositoryListView>(
          `/api/repositories?${new URLSearchParams(filter).toString()}`,
          { signal },
        ),
      refetchInterval: ({ state }) =>
        state.data && (state.data.isReading || state.data.items.some(isMoving))
          ? 2 * MOVING_POLL_MS
          : false,
    }),
  repository: (repositoryId: string) =>
    queryOptions({
      queryKey: inventoryKeys.repository(repositoryId),
      queryFn: ({ signal }) =>
        fetchJson<RepositoryView>(`/api/repositories/${repositoryId}`, {
          signal,
        }),
      refetchInterval: ({ state }) =>
        state.data && isMoving(state.data) ? MOVING_POLL_MS : false,
    }),
  tags: (repositoryId: string, filter: TagListFilter, isLive = false) =>
    queryOptions({
      queryKey: inventoryKeys.tags(repositoryId, filter),
      queryFn: ({ signal }) =>
        fetchJson<TagListView>(
          `/api/repositories/${repositoryId}/tags?${new URLSearchParams(filter).toString()}`,
          { signal },
        ),
      refetchInterval: isLive ? 2 * MOVING_POLL_MS : false,
    }),
  history: (repositoryId: string, tag: string) =>
    queryOptions({
      queryKey: inventoryKeys.history(repositoryId, tag),
      queryFn: ({ signal }) =>
        fetchJson<TagHistoryView[]>(
          `/api/repositories/${repositoryId}/history?${new URLSearchParams({ tag }).toString()}`,
          { signal },
        ),
    }),
  /** What points to an image: read anew each time somebody is about to act on it. */
  impact: (repositoryId: string, digest: string) =>
    queryOptions({
      queryKey: inventoryKeys.impact(repositoryId, digest),
      queryFn: ({ signal }) =>
        fetchJson<ImpactView>(`/api/images/${repositoryId}/${digest}/impact`, {
          signal,
        }),
      staleTime: 0,
    }),
  copy: (copyId: string) =>
    queryOptions({
      queryKey: inventoryKeys.copy(copyId),
      queryFn: ({ signal }) =>
        fetchJson<CopyView>(`/api/copies/${copyId}`, { signal }),
      refetchInterval: ({ state }) =>
        state.data && isUnderWay(state.data.state) ? 1_000 : false,
    }),
};

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all(
      [inventoryKeys.all, imageKeys.all].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  };
}

export function useRequestSync() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: RepositoryId) =>
      unwrap(await actions.requestSync(input)),
    onSuccess: refresh,
  });
}

export function useCancelSync() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: RepositoryId) =>
      unwrap(await actions.cancelSync(input)),
    onSuccess: refresh,
  });
}

export function useRequestRegistrySync() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: RegistryId) =>
      unwrap(await actions.requestRegistrySync(input)),
    onSuccess: refresh,
  });
}

export function useRetagImage() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: RetagImage) =>
      unwrap(await actions.retagImage(input)),
    onSuccess: refresh,
  });
}

export function useDeleteTag() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: DeleteTag) =>
      unwrap(await actions.deleteTag(input)),
    onSuccess: refresh,
  });
}

export function useDeleteImage() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: DeleteImage) =>
      unwrap(await actions.deleteImage(input)),
    onSuccess: refresh,
  });
}

export function useStartCopy() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CopyImage) =>
      unwrap(await actions.startCopy(input)),
    onSuccess: refresh,
  });
}

export function useCancelCopy() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CopyId) =>
      unwrap(await actions.cancelCopy(input)),
    onSuccess: refresh,
  });
}
