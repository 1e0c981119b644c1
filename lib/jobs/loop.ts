import 'server-only';
import { checkAccessJob } from '@/lib/jobs/check-access';
import { mergeLogJob } from '@/lib/jobs/merge-log';
import { readImageJob } from '@/lib/jobs/read-image';
import { refreshTagsJob } from '@/lib/jobs/refresh-tags';
import { verifyBuildJob } from '@/lib/jobs/verify-build';
import type { JobKind } from '@/db/schema';
import { log } from '@/lib/log';
import { endExpiredLeases } from '@/lib/services/build-ends';
import {
  finishJob,
  type JobRow,
  nextJobDelayMs,
  RENEW_MS,
  renewJob,
  retryJob,
  takeJob,
} from '@/lib/services/jobs';
import { waiter } from '@/lib/services/notify';

/** Done, or to be tried again after so many milliseconds, with a reason in our own words. */
export type JobResult =
  { done: true } | { done: false; retryMs: number; reason: string };
export type JobHandler = (job: JobRow) => Promise<JobResult>;

const HANDLERS: Record<JobKind, JobHandler> = {
  verify_build: verifyBuildJob,
  check_access: checkAccessJob,
  merge_log: mergeLogJob,
  refresh_tags: refreshTagsJob,
  read_image: readImageJob,
};

const RUNNERS = 3;
const IDLE_MS = 5_000;
const BROKEN_MS = 30_000;
const MAX_TRIES = 5;

const holder = globalThis as typeof globalThis & { imageyardJobs?: boolean };

/** Starts the background work of this process; calling it again does nothing. */
export function startJobs(): void {
  if (holder.imageyardJobs) return;
  holder.imageyardJobs = true;
  for (let runner = 0; runner < RUNNERS; runner += 1) void runForEver();
  void endLeasesForEver();
}

async function runForEver(): Promise<never> {
  const wait = waiter('jobs');
  for (;;) {
    const idleMs = await runDue().catch((error: unknown) => {
      log.error({ err: error }, 'background work failed');
      return IDLE_MS;
    });
    await wait.next(Math.max(50, Math.min(idleMs, IDLE_MS)));
  }
}

/** Runs every job that is due; gives the milliseconds until the next one is. */
async function runDue(): Promise<number> {
  for (;;) {
    const job = await takeJob();
    if (!job) return (await nextJobDelayMs()) ?? IDLE_MS;
    await runJob(job);
  }
}

/** Runs one taken job and writes down how it went. A handler that throws is tried again a few times. */
export async function runJob(job: JobRow): Promise<void> {
  const renewal = setInterval(() => {
    renewJob(job.id).catch((error: unknown) => {
      log.warn(
        { err: error, job: job.id },
        'the lease of a job could not be renewed',
      );
    });
  }, RENEW_MS);
  try {
    const result = await HANDLERS[job.kind](job);
    if (result.done) await finishJob(job.id);
    else await retryJob(job.id, result.retryMs, result.reason);
  } catch (error) {
    log.error({ err: error, job: job.id, kind: job.kind }, 'a job failed');
    if (job.attempts >= MAX_TRIES) await finishJob(job.id);
    else
      await retryJob(
        job.id,
        BROKEN_MS,
        'It failed unexpectedly; see the server log.',
      );
  } finally {
    clearInterval(renewal);
  }
}

async function endLeasesForEver(): Promise<never> {
  for (;;) {
    await endExpiredLeases().catch((error: unknown) => {
      log.error({ err: error }, 'ending expired leases failed');
    });
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  }
}
