import { queryOptions } from '@tanstack/react-query';
import type { SpecNeighbourView } from '@/lib/imagespec/lint/neighbours';
import type { TagExistenceView } from '@/lib/imagespec/releases/revision-tags';
import { fetchJson } from '@/lib/queries/fetch-json';

export const specCheckKeys = {
  neighbours: ['specs', 'neighbours'] as const,
  tags: (specId: string, number: number) =>
    ['specs', 'tags', specId, number] as const,
};

export const specCheckQueries = {
  /** The specs whose tags another's can meet, for the linter. */
  neighbours: queryOptions({
    queryKey: specCheckKeys.neighbours,
    queryFn: ({ signal }) =>
      fetchJson<SpecNeighbourView[]>('/api/specs/neighbours', { signal }),
  }),
  /** Which of a revision's tags the registry has; the server keeps the answer for a minute. */
  tags: (specId: string, number: number) =>
    queryOptions({
      queryKey: specCheckKeys.tags(specId, number),
      queryFn: ({ signal }) =>
        fetchJson<TagExistenceView>(
          `/api/specs/${specId}/revisions/${number}/tags`,
          { signal },
        ),
    }),
};
