import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import * as actions from '@/lib/actions/secrets';
import type {
  SecretId,
  SecretView,
  StoreSecret,
} from '@/lib/imagespec/secrets';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';

export const secretKeys = {
  all: ['secrets'] as const,
  list: ['secrets', 'list'] as const,
};

export const secretQueries = {
  list: queryOptions({
    queryKey: secretKeys.list,
    queryFn: ({ signal }) =>
      fetchJson<SecretView[]>('/api/secrets', { signal }),
  }),
};

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: secretKeys.all });
}

export function useStoreSecret() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: StoreSecret) =>
      unwrap(await actions.storeSecret(input)),
    onSuccess: refresh,
    // React Query keeps what a mutation was given; a secret must not stay in the page.
    gcTime: 0,
  });
}

export function useDeleteSecret() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: SecretId) =>
      unwrap(await actions.deleteSecret(input)),
    onSuccess: refresh,
  });
}
