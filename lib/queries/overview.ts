import { queryOptions } from '@tanstack/react-query';
import type { OverviewView } from '@/lib/build/views';
import { fetchJson } from '@/lib/queries/fetch-json';

const POLL_MS = 3_000;

export const overviewKeys = { all: ['overview'] as const };

export const overviewQuery = queryOptions({
  queryKey: overviewKeys.all,
  queryFn: ({ signal }) => fetchJson<OverviewView>('/api/overview', { signal }),
  refetchInterval: ({ state }) =>
    state.data && state.data.running.length > 0 ? POLL_MS : false,
});
