import 'server-only';
import { z } from 'zod';
import { Cancelled, throttled, untilCancelled } from '@/lib/jobs/cancelled';
import type { JobHandler, JobResult } from '@/lib/jobs/loop';
import { RegistryError } from '@/lib/registry/errors';
import { toStoredFailure } from '@/lib/services/failures';
import { readRepositoryRow } from '@/lib/services/repositories';
import { syncRepository } from '@/lib/services/repository-sync';
import {
  beginSync,
  endSync,
  isSyncCancelled,
  tellSync,
} from '@/lib/services/sync-state';

const Payload = z.object({ repositoryId: z.uuid() });
const TELL_MS = 500;
const WAIT_MS = 5 * 60_000;

/**
 * Reads one repository into the inventory. A registry that asks to wait is asked again when it says so, and the sync
 * goes on where it was; every other failure ends it, with the reason in its row.
 */
export const syncRepositoryJob: JobHandler = async (
  job,
): Promise<JobResult> => {
  const { repositoryId } = Payload.parse(job.payload);
  const repository = await readRepositoryRow(repositoryId);
  const begun = repository && (await beginSync(repositoryId));
  if (!begun) return { done: true };
  try {
    const outcome = await untilCancelled(
      () => isSyncCancelled(repositoryId),
      (signal) =>
        syncRepository(repository, {
          signal,
          startedAt: begun.startedAt,
          tell: throttled(TELL_MS, (progress) =>
            tellSync(repositoryId, progress),
          ),
        }),
    );
    await endSync(repositoryId, { state: 'done', outcome });
    return { done: true };
  } catch (error) {
    if (error instanceof Cancelled) {
      await endSync(repositoryId, { state: 'cancelled' });
      return { done: true };
    }
    const failure = toStoredFailure(error);
    const isLimited =
      error instanceof RegistryError && error.code === 'REGISTRY_RATE_LIMITED';
    await endSync(repositoryId, {
      state: isLimited ? 'waiting' : 'failed',
      failure,
    });
    return isLimited
      ? {
          done: false,
          retryMs: waitOf(error.facts.retryAt),
          reason: 'The registry asked to wait.',
        }
      : { done: true };
  }
};

function waitOf(retryAt: string | undefined): number {
  const asked =
    retryAt === undefined ? WAIT_MS : Date.parse(retryAt) - Date.now();
  return Math.max(10_000, asked);
}
