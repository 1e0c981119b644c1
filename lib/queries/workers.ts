import { queryOptions } from '@tanstack/react-query';
import type { WorkersView } from '@/lib/build/views';
import { fetchJson } from '@/lib/queries/fetch-json';

// A worker goes away without a word, so its silence has to be looked for.
const POLL_MS = 15_000;

export const workerKeys = { all: ['workers'] as const };

export const workersQuery = queryOptions({
  queryKey: workerKeys.all,
  queryFn: ({ signal }) => fetchJson<WorkersView>('/api/workers', { signal }),
  refetchInterval: POLL_MS,
});
