import 'server-only';
import type { JobHandler } from '@/lib/jobs/loop';
import { pruneHistory } from '@/lib/services/history-pruning';

const DAY_MS = 24 * 3_600_000;

/** Deletes what a team kept long enough, every day. */
export const pruneHistoryJob: JobHandler = async (job) => {
  await pruneHistory(job.teamId);
  return { done: false, retryMs: DAY_MS, reason: 'Pruned; again tomorrow.' };
};
