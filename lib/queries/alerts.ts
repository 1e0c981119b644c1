import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import {
  dismissAlert,
  markAlertRead,
  markAlertsRead,
} from '@/lib/actions/alerts';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { overviewKeys } from '@/lib/queries/overview';
import type { AlertFilter, AlertId, AlertView } from '@/lib/registry/alerts';

export type AlertPage = { items: AlertView[]; next: string | null };

const POLL_MS = 60_000;

export const alertKeys = {
  all: ['alerts'] as const,
  list: (filter: AlertFilter) => ['alerts', 'list', filter] as const,
  unread: ['alerts', 'unread'] as const,
};

export const alertQueries = {
  list: (filter: AlertFilter) =>
    queryOptions({
      queryKey: alertKeys.list(filter),
      queryFn: ({ signal }) =>
        fetchJson<AlertPage>(`/api/alerts?${toQuery(filter)}`, { signal }),
    }),
  unread: queryOptions({
    queryKey: alertKeys.unread,
    queryFn: ({ signal }) =>
      fetchJson<{ unread: number }>('/api/alerts/unread', { signal }),
    refetchInterval: POLL_MS,
  }),
};

/** A filter as the page's and the route's query string have it. */
export function toQuery({ kind, isResolved, after }: AlertFilter): string {
  return new URLSearchParams({
    ...(kind === undefined ? {} : { kind }),
    ...(isResolved ? { isResolved: 'true' } : {}),
    ...(after === undefined ? {} : { after }),
  }).toString();
}

function useInvalidate() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: alertKeys.all }),
      client.invalidateQueries({ queryKey: overviewKeys.all }),
    ]);
}

export function useMarkAlertRead() {
  const onSuccess = useInvalidate();
  return useMutation({
    mutationFn: async (input: AlertId) => unwrap(await markAlertRead(input)),
    onSuccess,
  });
}

export function useMarkAlertsRead() {
  const onSuccess = useInvalidate();
  return useMutation({
    mutationFn: async () => unwrap(await markAlertsRead({})),
    onSuccess,
  });
}

export function useDismissAlert() {
  const onSuccess = useInvalidate();
  return useMutation({
    mutationFn: async (input: AlertId) => unwrap(await dismissAlert(input)),
    onSuccess,
  });
}
