import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import type {
  ArchiveView,
  CopiedParts,
  TreeDigestsView,
} from '@/lib/imagespec/archive';
import { fetchJson, sendFile } from '@/lib/queries/fetch-json';

type ArchiveCopy = Omit<CopiedParts, 'copy'> & {
  archive: string;
  copy: readonly string[];
};

const archiveKeys = {
  detail: (sha256: string) => ['archives', 'detail', sha256] as const,
  digests: (copied: ArchiveCopy) => ['archives', 'digests', copied] as const,
};

export const archiveQueries = {
  detail: (sha256: string) =>
    queryOptions({
      queryKey: archiveKeys.detail(sha256),
      queryFn: ({ signal }) =>
        fetchJson<ArchiveView>(`/api/archives/${sha256}`, { signal }),
      // What is behind a SHA-256 never changes.
      staleTime: Infinity,
    }),
  /** The paths of a stored project, and what flytekit hashes of it for this spec. */
  digests: (copied: ArchiveCopy) =>
    queryOptions({
      queryKey: archiveKeys.digests(copied),
      queryFn: ({ signal }) => {
        const { archive, copy, ...rest } = copied;
        const query = new URLSearchParams({ ...rest, copy: copy.join('\n') });
        return fetchJson<TreeDigestsView>(
          `/api/archives/${archive}/digests?${query.toString()}`,
          { signal },
        );
      },
      staleTime: Infinity,
    }),
};

/** Uploads a project; what is stored of it is then known without asking again. */
export function useStoreArchive() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      file,
      ...options
    }: {
      file: File;
      signal: AbortSignal;
      onProgress: (part: number) => void;
    }) => {
      const query = new URLSearchParams({ fileName: file.name });
      return sendFile<ArchiveView>(
        `/api/archives?${query.toString()}`,
        file,
        options,
      );
    },
    onSuccess: (view) =>
      client.setQueryData(archiveKeys.detail(view.sha256), view),
  });
}
