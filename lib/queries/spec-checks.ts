import { queryOptions } from '@tanstack/react-query';
import type { TagExistenceView } from '@/lib/imagespec/releases/revision-tags';
import { fetchJson } from '@/lib/queries/fetch-json';

/** Which of a revision's tags the registry has; the server keeps the answer for a minute. */
export function tagExistence(specId: string, number: number) {
  return queryOptions({
    queryKey: ['specs', 'tags', specId, number],
    queryFn: ({ signal }) =>
      fetchJson<TagExistenceView>(
        `/api/specs/${specId}/revisions/${number}/tags`,
        { signal },
      ),
  });
}
