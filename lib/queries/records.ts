import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { deleteRecord } from '@/lib/actions/records';
import type {
  RecordId,
  RecordListView,
  RecordPage,
} from '@/lib/build/record-views';
import { fetchJson, sendFile, unwrap } from '@/lib/queries/fetch-json';

export const recordKeys = {
  all: ['records'] as const,
  list: (page: RecordPage) => [...recordKeys.all, 'list', page] as const,
};

/** A page of the imported builds. */
export const recordList = (page: RecordPage) =>
  queryOptions({
    queryKey: recordKeys.list(page),
    queryFn: ({ signal }) =>
      fetchJson<RecordListView>(
        `/api/records?${new URLSearchParams(page).toString()}`,
        { signal },
      ),
  });

/** Sends the file of a record; `onProgress` is told which part of it was sent, 0 to 1. */
export function useImportRecord() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({
      file,
      ...options
    }: {
      file: File;
      signal: AbortSignal;
      onProgress: (part: number) => void;
    }) => sendFile<{ id: string }>('/api/records', file, options),
    onSuccess: () => client.invalidateQueries({ queryKey: recordKeys.all }),
  });
}

export function useDeleteRecord() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: RecordId) => unwrap(await deleteRecord(input)),
    onSuccess: () => client.invalidateQueries({ queryKey: recordKeys.all }),
  });
}
