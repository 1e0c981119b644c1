import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { cancelBuild, rebuild, startBuilds } from '@/lib/actions/builds';
import type { BuildListView } from '@/lib/build/history-views';
import type { BuildFilter, BuildPage } from '@/lib/build/list-filter';
import type { BuildId, RebuildInput, StartBuilds } from '@/lib/build/schema';
import { isMoving } from '@/lib/build/state';
import type {
  AttemptDetailView,
  BuildDefinitionView,
  BuildItemView,
  BuildView,
  LinePlace,
  LineSearchView,
  LinesView,
  PackagesView,
} from '@/lib/build/views';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { overviewKeys } from '@/lib/queries/overview';

const LIST_POLL_MS = 3_000;

/** Words looked for in an attempt's lines; `page` of the hits, from 0. */
export type LineSearch = { attempt: number; words: string; page: number };
/** Hits that are read at once. */
export const HITS_PER_PAGE = 500;

export const buildKeys = {
  all: ['builds'] as const,
  list: (page: BuildPage) => [...buildKeys.all, 'list', page] as const,
  recent: (filter: BuildFilter) =>
    [...buildKeys.all, 'recent', filter] as const,
  detail: (buildId: string) => [...buildKeys.all, 'detail', buildId] as const,
  attempt: (buildId: string, attempt: number) =>
    [...buildKeys.all, 'attempt', buildId, attempt] as const,
  definition: (buildId: string) =>
    [...buildKeys.all, 'definition', buildId] as const,
  packages: (buildId: string) =>
    [...buildKeys.all, 'packages', buildId] as const,
  searches: (buildId: string) => [...buildKeys.all, 'search', buildId] as const,
  search: (buildId: string, search: LineSearch) =>
    [...buildKeys.searches(buildId), search] as const,
};

export const buildQueries = {
  list: (page: BuildPage) =>
    queryOptions({
      queryKey: buildKeys.list(page),
      queryFn: ({ signal }) =>
        fetchJson<BuildListView>(
          `/api/builds?${new URLSearchParams(page).toString()}`,
          { signal },
        ),
      refetchInterval: ({ state }) => pollWhileMoving(state.data?.items),
    }),
  /** The last 30 that fit, the newest first. */
  recent: (filter: BuildFilter) =>
    queryOptions({
      queryKey: buildKeys.recent(filter),
      queryFn: ({ signal }) =>
        fetchJson<BuildItemView[]>(
          `/api/builds/recent?${new URLSearchParams(filter).toString()}`,
          { signal },
        ),
      refetchInterval: ({ state }) => pollWhileMoving(state.data),
    }),
  detail: (buildId: string) =>
    queryOptions({
      queryKey: buildKeys.detail(buildId),
      queryFn: ({ signal }) =>
        fetchJson<BuildView>(`/api/builds/${buildId}`, { signal }),
    }),
  attempt: (buildId: string, attempt: number) =>
    queryOptions({
      queryKey: buildKeys.attempt(buildId, attempt),
      queryFn: ({ signal }) =>
        fetchJson<AttemptDetailView>(
          `/api/builds/${buildId}/attempts/${attempt}`,
          { signal },
        ),
      staleTime: Infinity,
    }),
  definition: (buildId: string) =>
    queryOptions({
      queryKey: buildKeys.definition(buildId),
      queryFn: ({ signal }) =>
        fetchJson<BuildDefinitionView>(`/api/builds/${buildId}/definition`, {
          signal,
        }),
      staleTime: Infinity,
    }),
  /** The packages inside what was published; ask only then. */
  packages: (buildId: string) =>
    queryOptions({
      queryKey: buildKeys.packages(buildId),
      queryFn: ({ signal }) =>
        fetchJson<PackagesView | null>(`/api/builds/${buildId}/packages`, {
          signal,
        }),
      staleTime: Infinity,
    }),
  /** Lines that hold what is searched. What was found in a log that still grows is old at once. */
  search: (buildId: string, search: LineSearch, isLive: boolean) =>
    queryOptions({
      queryKey: buildKeys.search(buildId, search),
      queryFn: ({ signal }) => {
        const query = new URLSearchParams({
          attempt: String(search.attempt),
          words: search.words,
          skip: String(search.page * HITS_PER_PAGE),
          limit: String(HITS_PER_PAGE),
        });
        return fetchJson<LineSearchView>(
          `/api/builds/${buildId}/search?${query.toString()}`,
          { signal },
        );
      },
      staleTime: isLive ? 0 : Infinity,
      gcTime: 60_000,
      retry: false,
    }),
};

function pollWhileMoving(
  builds: readonly BuildItemView[] = [],
): number | false {
  return builds.some(({ state }) => isMoving(state)) ? LIST_POLL_MS : false;
}

/** Lines from number `from` on, or of one step from its `from`th on. Not for React Query: a log keeps its own lines. */
export function readLines(
  buildId: string,
  query: { attempt: number; step?: string; from: number; limit: number },
): Promise<LinesView> {
  const { step, ...range } = query;
  const search = new URLSearchParams(
    Object.entries(range).map(([name, value]) => [name, String(value)]),
  );
  if (step !== undefined) search.set('step', step);
  return fetchJson<LinesView>(
    `/api/builds/${buildId}/lines?${search.toString()}`,
  );
}

/** Whose line `n` of an attempt is. */
export function locateLine(
  buildId: string,
  attempt: number,
  n: number,
): Promise<LinePlace> {
  return fetchJson<LinePlace>(
    `/api/builds/${buildId}/lines/${n}?attempt=${attempt}`,
  );
}

/** Where a build's events are followed. */
export function eventsUrl(buildId: string): string {
  return `/api/builds/${buildId}/events`;
}

/** Where an attempt's log, or one step's part of it, is downloaded as text. */
export function logUrl(
  buildId: string,
  attempt: number,
  step?: string,
): string {
  const part = step === undefined ? '' : `&step=${encodeURIComponent(step)}`;
  return `/api/builds/${buildId}/log?attempt=${attempt}${part}`;
}

/** Where all of a build is downloaded as a file for others. */
export function recordUrl(buildId: string): string {
  return `/api/builds/${buildId}/record`;
}

function useInvalidateBuilds(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: buildKeys.all }),
      client.invalidateQueries({ queryKey: overviewKeys.all }),
    ]);
  };
}

export function useStartBuilds() {
  const invalidate = useInvalidateBuilds();
  return useMutation({
    mutationFn: async (input: StartBuilds) => unwrap(await startBuilds(input)),
    onSuccess: invalidate,
  });
}

export function useRebuild() {
  const invalidate = useInvalidateBuilds();
  return useMutation({
    mutationFn: async (input: RebuildInput) => unwrap(await rebuild(input)),
    onSuccess: invalidate,
  });
}

export function useCancelBuild() {
  const invalidate = useInvalidateBuilds();
  return useMutation({
    mutationFn: async (input: BuildId) => unwrap(await cancelBuild(input)),
    // Also after "too late": the page then shows what the build has become.
    onSettled: invalidate,
  });
}
