import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { checkAccess, requestTagRefresh } from '@/lib/actions/images';
import type { PackagesView } from '@/lib/build/views';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { limitKeys } from '@/lib/queries/limits';
import type {
  AccessCell,
  ImageQuestion,
  RepositoryId,
} from '@/lib/registry/forms';
import {
  type ImageCursor,
  type ImageFilter,
  imagesHref,
} from '@/lib/registry/image-filter';
import type { ImageListView } from '@/lib/registry/inventory-views';
import type { AccessView, ImageView } from '@/lib/registry/views';

const PENDING_POLL_MS = 2_000;

export const imageKeys = {
  all: ['images'] as const,
  list: (filter: ImageFilter, after: ImageCursor | null) =>
    ['images', 'list', filter, after] as const,
  detail: (repositoryId: string, digest: string) =>
    ['images', 'detail', repositoryId, digest] as const,
};

export const imageQueries = {
  list: (filter: ImageFilter, after: ImageCursor | null) =>
    queryOptions({
      queryKey: imageKeys.list(filter, after),
      queryFn: ({ signal }) =>
        fetchJson<ImageListView>(`/api${imagesHref(filter, after)}`, {
          signal,
        }),
    }),
  detail: (repositoryId: string, digest: string) =>
    queryOptions({
      queryKey: imageKeys.detail(repositoryId, digest),
      queryFn: ({ signal }) =>
        fetchJson<ImageView>(`/api/images/${repositoryId}/${digest}`, {
          signal,
        }),
      // The first check follows a push by itself; a page opened in between waits for it.
      refetchInterval: ({ state }) =>
        state.data && state.data.access === null && state.dataUpdateCount < 30
          ? PENDING_POLL_MS
          : false,
    }),
  /** The packages inside; `null` when nobody looked. */
  packages: (repositoryId: string, digest: string) =>
    queryOptions({
      queryKey: [...imageKeys.detail(repositoryId, digest), 'packages'],
      queryFn: ({ signal }) =>
        fetchJson<PackagesView | null>(
          `/api/images/${repositoryId}/${digest}/packages`,
          { signal },
        ),
    }),
};

export const accessQueries = {
  cell: (repositoryId: string, digest: string, cell: AccessCell) =>
    queryOptions({
      queryKey: [
        ...imageKeys.detail(repositoryId, digest),
        'access',
        cell,
      ] as const,
      queryFn: ({ signal }) =>
        fetchJson<AccessView | null>(
          `/api/images/${repositoryId}/${digest}/access?${new URLSearchParams(cell).toString()}`,
          { signal },
        ),
    }),
  change: (checkId: string) =>
    queryOptions({
      queryKey: ['access-checks', checkId] as const,
      queryFn: ({ signal }) =>
        fetchJson<AccessView>(`/api/access-checks/${checkId}`, { signal }),
      staleTime: Infinity,
    }),
};

export function useCheckAccess() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: ImageQuestion) =>
      unwrap(await checkAccess(input)),
    onSuccess: () =>
      Promise.all(
        [imageKeys.all, limitKeys.all].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      ),
  });
}

export function useTagRefresh() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: RepositoryId) =>
      unwrap(await requestTagRefresh(input)),
    onSuccess: () => client.invalidateQueries(),
  });
}
