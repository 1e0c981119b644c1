import {
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import * as actions from '@/lib/actions/workers';
import type { WorkersView } from '@/lib/build/views';
import type {
  CreateEnrolment,
  EnrolmentId,
  SetRegistryBuilds,
  SetSpecLabels,
  UpdateWorker,
  WorkerId,
} from '@/lib/build/worker-forms';
import { fetchJson, unwrap } from '@/lib/queries/fetch-json';
import { registryKeys } from '@/lib/queries/registries';
import { specKeys } from '@/lib/queries/specs';

// A worker goes away without a word, so its silence has to be looked for.
const POLL_MS = 15_000;
/** While somebody waits for a worker to connect, or to look after itself. */
const WAIT_MS = 2_000;

export const workerKeys = { all: ['workers'] as const };

export const workersQuery = queryOptions({
  queryKey: workerKeys.all,
  queryFn: ({ signal }) => fetchJson<WorkersView>('/api/workers', { signal }),
  refetchInterval: ({ state: { data } }) =>
    data &&
    (data.enrolments.length > 0 ||
      data.workers.some(({ isLooking }) => isLooking))
      ? WAIT_MS
      : POLL_MS,
});

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: workerKeys.all });
}

export function useCreateEnrolment() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: CreateEnrolment) =>
      unwrap(await actions.createEnrolment(toTyped(input))),
    onSuccess: refresh,
    // The code is in the answer; it must not stay in the page longer than the dialog.
    gcTime: 0,
  });
}

export function useDeleteEnrolment() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: EnrolmentId) =>
      unwrap(await actions.deleteEnrolment(input)),
    onSuccess: refresh,
  });
}

export function useUpdateWorker() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: UpdateWorker) =>
      unwrap(await actions.updateWorker(toTyped(input))),
    onSuccess: refresh,
  });
}

/** Pauses a worker, or lets a paused one go on. */
export function usePauseWorker() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({
      isPaused,
      ...input
    }: WorkerId & { isPaused: boolean }) =>
      unwrap(
        await (isPaused ? actions.resumeWorker : actions.pauseWorker)(input),
      ),
    onSuccess: refresh,
  });
}

export function useAskCheckup() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: WorkerId) =>
      unwrap(await actions.askCheckup(input)),
    onSuccess: refresh,
  });
}

export function useRevokeWorker() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async (input: WorkerId) =>
      unwrap(await actions.revokeWorker(input)),
    onSuccess: refresh,
  });
}

export function useSetSpecLabels() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: SetSpecLabels) =>
      unwrap(await actions.setSpecLabels(toTyped(input))),
    onSuccess: () => client.invalidateQueries({ queryKey: specKeys.all }),
  });
}

export function useSetRegistryBuilds() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (input: SetRegistryBuilds) =>
      unwrap(await actions.setRegistryBuilds(toTyped(input))),
    onSuccess: () => client.invalidateQueries({ queryKey: registryKeys.all }),
  });
}

/** Labels travel as they are typed. */
function toTyped<T extends { labels: string[] }>(input: T) {
  return { ...input, labels: input.labels.join(' ') };
}
