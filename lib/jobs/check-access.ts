import 'server-only';
import { z } from 'zod';
import type { JobHandler } from '@/lib/jobs/loop';
import { lookAtAccess } from '@/lib/services/access';
import { readRepositoryRow } from '@/lib/services/repositories';

const Payload = z.object({
  repositoryId: z.uuid(),
  reference: z.string(),
  platform: z.string(),
});

/** Looks once whether anyone can pull an image, and stores the answer. */
export const checkAccessJob: JobHandler = async (job) => {
  const { repositoryId, reference, platform } = Payload.parse(job.payload);
  const repository = await readRepositoryRow(repositoryId);
  if (repository) await lookAtAccess(repository, { reference, platform });
  return { done: true };
};
