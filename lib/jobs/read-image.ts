import 'server-only';
import { z } from 'zod';
import type { JobHandler } from '@/lib/jobs/loop';
import { RegistryError } from '@/lib/registry/errors';
import { readRepositoryRow } from '@/lib/services/repositories';
import { readDigest } from '@/lib/services/tag-refresh';

const Payload = z.object({ repositoryId: z.uuid(), digest: z.string() });
const RETRY_MS = [5_000, 30_000, 120_000, 600_000];

/**
 * Reads what a digest holds into the inventory. A registry that does not answer is asked again for a while; what it
 * refuses or does not have is left to the check of access, which tells it in full.
 */
export const readImageJob: JobHandler = async (job) => {
  const { repositoryId, digest } = Payload.parse(job.payload);
  const repository = await readRepositoryRow(repositoryId);
  if (!repository) return { done: true };
  try {
    await readDigest(repository, digest);
    return { done: true };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const retryMs = RETRY_MS[job.attempts - 1];
    if (retryMs === undefined || !isPassing(error)) return { done: true };
    const reason = `${repository.host} does not answer.`;
    return { done: false, retryMs, reason };
  }
};

function isPassing({ code }: RegistryError): boolean {
  return code === 'REGISTRY_UNREACHABLE' || code === 'REGISTRY_RATE_LIMITED';
}
