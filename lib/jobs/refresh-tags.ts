import 'server-only';
import { z } from 'zod';
import type { JobHandler, JobResult } from '@/lib/jobs/loop';
import { readRepositoryRow } from '@/lib/services/repositories';
import { hasFloatingTasks, refreshTags } from '@/lib/services/tag-refresh';

const Payload = z.object({ repositoryId: z.uuid() });
const AGAIN_MS = 5 * 60 * 1000;

/** Looks at every known tag of a repository; again every five minutes as long as a task floats on one of them. */
export const refreshTagsJob: JobHandler = async (job): Promise<JobResult> => {
  const repository = await readRepositoryRow(
    Payload.parse(job.payload).repositoryId,
  );
  if (!repository) return { done: true };
  await refreshTags(repository);
  if (!(await hasFloatingTasks(repository.id))) return { done: true };
  return {
    done: false,
    retryMs: AGAIN_MS,
    reason: 'Looked; a task floats on a tag here.',
  };
};
