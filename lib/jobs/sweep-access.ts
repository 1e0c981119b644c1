import 'server-only';
import type { JobHandler } from '@/lib/jobs/loop';
import { sweepAccess } from '@/lib/services/access-sweep';

/** Looks at what a team uses and is due; comes back by itself for as long as there is a team. */
export const sweepAccessJob: JobHandler = async (job) => ({
  done: false,
  retryMs: await sweepAccess(job.teamId),
  reason: 'Looked; what is in use is watched for ever.',
});
