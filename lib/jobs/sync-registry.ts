import 'server-only';
import { z } from 'zod';
import type { JobHandler, JobResult } from '@/lib/jobs/loop';
import { toStoredFailure } from '@/lib/services/failures';
import { noteScan } from '@/lib/services/registry-scans';
import { readRegistryRow, syncRegistry } from '@/lib/services/registry-sync';

const Payload = z.object({ registryId: z.uuid() });
const HOURS_MS = 6 * 3_600_000;

/** Finds and reads the repositories of a registry, and again every six hours or so for as long as it is there. */
export const syncRegistryJob: JobHandler = async (job): Promise<JobResult> => {
  const { registryId } = Payload.parse(job.payload);
  const registry = await readRegistryRow(registryId);
  if (!registry) return { done: true };
  try {
    await syncRegistry(registry);
  } catch (error) {
    await noteScan(registryId, toStoredFailure(error));
  }
  const jitterMs = Math.floor((Math.random() * HOURS_MS) / 6);
  return {
    done: false,
    retryMs: HOURS_MS + jitterMs,
    reason: 'Read; again in a few hours.',
  };
};
