import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { keepLogs, updateLogRetention } from '@/lib/actions/builds';
import type {
  KeepLogs,
  LogRetention,
  LogUsageView,
} from '@/lib/build/log-retention';
import { buildKeys } from '@/lib/queries/builds';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';

export const logKeys = { usage: ['logs', 'usage'] as const };

/** How long logs are kept, and what they take. */
export const logUsage = queryOptions({
  queryKey: logKeys.usage,
  queryFn: ({ signal }) =>
    fetchJson<LogUsageView>('/api/builds/retention', { signal }),
});

export function useUpdateLogRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: LogRetention) =>
      unwrap(await updateLogRetention(input)),
    onSuccess: () => client.invalidateQueries({ queryKey: logKeys.usage }),
  });
}

export function useKeepLogs() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: KeepLogs) => unwrap(await keepLogs(input)),
    onSuccess: (_, { buildId }) =>
      client.invalidateQueries({ queryKey: buildKeys.detail(buildId) }),
  });
}
