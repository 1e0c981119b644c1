import 'server-only';
import { z } from 'zod';
import type { JobHandler } from '@/lib/jobs/loop';
import { mergeLog } from '@/lib/services/build-log-store';

const Payload = z.object({ buildId: z.uuid(), attempt: z.number().int() });

/** Merges the accepted batches of an ended attempt. */
export const mergeLogJob: JobHandler = async (job) => {
  await mergeLog(Payload.parse(job.payload));
  return { done: true };
};
