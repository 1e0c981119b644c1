import { QueryClient } from '@tanstack/react-query';
import { ERRORS } from '@/lib/errors';
import { errorView } from '@/lib/queries/fetch-json';

const MAX_RETRIES = 2;

/** Whether asking again may help: never after an answer that says the request itself is wrong. */
export function mayRetry(failures: number, error: unknown): boolean {
  return failures < MAX_RETRIES && ERRORS[errorView(error).code].status >= 500;
}

/** The client every page shares: data counts as fresh for 30 s, and writes are never sent twice. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // `always`: a machine without a network still reaches a server on itself, so "offline" must not hold requests.
      queries: { staleTime: 30_000, retry: mayRetry, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
