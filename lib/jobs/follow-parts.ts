import 'server-only';
import { z } from 'zod';
import { db } from '@/db';
import type { JobHandler } from '@/lib/jobs/loop';
import { followParts } from '@/lib/services/build-parts';

const Payload = z.object({ buildId: z.uuid() });

/** Lets a build follow its parts, after one of them moved. */
export const followPartsJob: JobHandler = async (job) => {
  const { buildId } = Payload.parse(job.payload);
  await db().transaction((tx) => followParts(tx, buildId));
  return { done: true };
};
