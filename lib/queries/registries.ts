import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import * as actions from '@/lib/actions/registries';
import { errorView, fetchJson, unwrap } from '@/lib/queries/fetch-json';
import type {
  AllowRealm,
  CreateRegistry,
  CredentialPlace,
  RegistryId,
  ReplaceCredential,
  UpdateRegistry,
} from '@/lib/registry/forms';
import type { RegistryItemView, RegistryView } from '@/lib/registry/views';

export const registryKeys = {
  all: ['registries'] as const,
  list: ['registries', 'list'] as const,
  detail: (registryId: string) => ['registries', 'detail', registryId] as const,
};

export const registryQueries = {
  list: queryOptions({
    queryKey: registryKeys.list,
    queryFn: ({ signal }) =>
      fetchJson<RegistryItemView[]>('/api/registries', { signal }),
  }),
  detail: (registryId: string) =>
    queryOptions({
      queryKey: registryKeys.detail(registryId),
      queryFn: ({ signal }) =>
        fetchJson<RegistryView>(`/api/registries/${registryId}`, { signal }),
    }),
};

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: registryKeys.all });
}

export function useCreateRegistry() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CreateRegistry) =>
      unwrap(await actions.createRegistry(input)),
    onSuccess: refresh,
  });
}

export function useUpdateRegistry() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: UpdateRegistry) =>
      unwrap(await actions.updateRegistry(input)),
    onSuccess: refresh,
  });
}

export function useArchiveRegistry() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: RegistryId) =>
      unwrap(await actions.archiveRegistry(input)),
    onSuccess: refresh,
  });
}

export function useReplaceCredential() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: ReplaceCredential) =>
      unwrap(await actions.replaceCredential(input)),
    onSuccess: refresh,
  });
}

export function useDeleteCredential() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CredentialPlace) =>
      unwrap(await actions.deleteCredential(input)),
    onSuccess: refresh,
  });
}

export function useTestRegistry() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CredentialPlace) =>
      unwrap(await actions.testRegistry(input)),
    onSettled: refresh,
  });
}

export function useAllowRealm() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: AllowRealm) =>
      unwrap(await actions.allowRealm(input)),
    onSuccess: refresh,
  });
}

/** The token service a failed test would have sent the password to, or `null` when that was not the trouble. */
export function unboundRealm(error: unknown): string | null {
  if (error === null || error === undefined) return null;
  const { code, fields } = errorView(error);
  return code === 'REGISTRY_REALM_UNBOUND'
    ? (fields?.realmOrigin ?? null)
    : null;
}
