import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '@/lib/queries/fetch-json';
import type { LimitView } from '@/lib/registry/views';

export const limitKeys = { all: ['limits'] as const };

/** What a host last said of its pull limits. */
export const limitsOf = (host: string) =>
  queryOptions({
    queryKey: [...limitKeys.all, host] as const,
    queryFn: ({ signal }) =>
      fetchJson<LimitView[]>(
        `/api/limits?${new URLSearchParams({ host }).toString()}`,
        { signal },
      ),
  });
