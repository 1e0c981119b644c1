import 'server-only';
import { z } from 'zod';
import type { JobHandler } from '@/lib/jobs/loop';
import { lookAtAccess } from '@/lib/services/access-look';
import { readRepositoryRow } from '@/lib/services/repositories';

const Payload = z.object({
  repositoryId: z.uuid(),
  reference: z.string(),
  platform: z.string(),
});

/** Looks once who can pull an image, and stores the answers. */
export const checkAccessJob: JobHandler = async (job) => {
  const { repositoryId, reference, platform } = Payload.parse(job.payload);
  const repository = await readRepositoryRow(repositoryId);
  if (repository)
    await lookAtAccess(
      repository,
      { reference, platform },
      { isUrgent: true, depth: 'all' },
    );
  return { done: true };
};
