import 'server-only';
import { checkAccessJob } from '@/lib/jobs/check-access';
import { followPartsJob } from '@/lib/jobs/follow-parts';
import { mergeLogJob } from '@/lib/jobs/merge-log';
import { pruneHistoryJob } from '@/lib/jobs/prune-history';
import { pushIndexJob } from '@/lib/jobs/push-index';
import { readImageJob } from '@/lib/jobs/read-image';
import { sweepAccessJob } from '@/lib/jobs/sweep-access';
import { testCredentialJob } from '@/lib/jobs/test-credential';
import { verifyBuildJob } from '@/lib/jobs/verify-build';
import { copyImageJob } from '@/lib/jobs/copy-image';
import { syncRegistryJob } from '@/lib/jobs/sync-registry';
import { syncRepositoryJob } from '@/lib/jobs/sync-repository';
import { JOB_KINDS, type JobKind } from '@/db/schema';
import { AppError } from '@/lib/errors';
import { log } from '@/lib/log';
import { ensureTeamJobs } from '@/lib/services/access-jobs';
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
import { scheduleRegistrySyncs } from '@/lib/services/registry-sync';
import { waiter } from '@/lib/services/notify';

/** Done, or to be tried again after so many milliseconds, with a reason in our own words. */
export type JobResult =
  { done: true } | { done: false; retryMs: number; reason: string };
export type JobHandler = (job: JobRow) => Promise<JobResult>;

const HANDLERS: Record<JobKind, JobHandler> = {
  verify_build: verifyBuildJob,
  follow_parts: followPartsJob,
  push_index: pushIndexJob,
  check_access: checkAccessJob,
  merge_log: mergeLogJob,
  read_image: readImageJob,
  sweep_access: sweepAccessJob,
  test_credential: testCredentialJob,
  sync_repository: syncRepositoryJob,
  sync_registry: syncRegistryJob,
  copy_image: copyImageJob,
  prune_history: pruneHistoryJob,
};

// What may take long has runners of its own, so that a build is never published late because a registry is read.
const SWEEPS: readonly JobKind[] = ['sweep_access'];
const LONG: readonly JobKind[] = [
  'sync_repository',
  'sync_registry',
  'copy_image',
  'prune_history',
];
const SHORT = JOB_KINDS.filter((kind) => ![...SWEEPS, ...LONG].includes(kind));
const RUNNERS: readonly (readonly JobKind[])[] = [
  SHORT,
  SHORT,
  SHORT,
  SWEEPS,
  SWEEPS,
  LONG,
  LONG,
  LONG,
];
const SCHEDULE_MS = 60_000;
const IDLE_MS = 5_000;
const BROKEN_MS = 30_000;
const MAX_TRIES = 5;
/** They come back by themselves, so how often they ran says nothing. */
const FOR_EVER: readonly JobKind[] = ['sweep_access', 'prune_history'];

const holder = globalThis as typeof globalThis & { imageyardJobs?: boolean };

/** Starts the background work of this process; calling it again does nothing. */
export function startJobs(): void {
  if (holder.imageyardJobs) return;
  holder.imageyardJobs = true;
  for (const kinds of RUNNERS) void runForEver(kinds);
  ensureTeamJobs().catch((error: unknown) => {
    log.error({ err: error }, 'the jobs of teams could not be started');
  });
  void repeatForEver(IDLE_MS, 'ending expired leases', endExpiredLeases);
  void repeatForEver(SCHEDULE_MS, 'scheduling syncs', scheduleRegistrySyncs);
}

async function runForEver(kinds: readonly JobKind[]): Promise<never> {
  const wait = waiter('jobs');
  for (;;) {
    const idleMs = await runDue(kinds).catch((error: unknown) => {
      log.error({ err: error }, 'background work failed');
      return IDLE_MS;
    });
    await wait.next(Math.max(50, Math.min(idleMs, IDLE_MS)));
  }
}

/** Runs every job of these kinds that is due; gives the milliseconds until the next one is. */
async function runDue(kinds: readonly JobKind[]): Promise<number> {
  for (;;) {
    const job = await takeJob(kinds);
    if (!job) return (await nextJobDelayMs(kinds)) ?? IDLE_MS;
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
    noteFailure(job, error);
    if (job.attempts >= MAX_TRIES && !FOR_EVER.includes(job.kind))
      await finishJob(job.id);
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

/** What a registry or a credential is to blame for is no defect of ours, and needs no stack. */
function noteFailure({ id, kind }: JobRow, error: unknown): void {
  if (error instanceof AppError) {
    const { code, message: reason } = error;
    log.warn({ code, reason, job: id, kind }, 'a job could not be done');
  } else log.error({ err: error, job: id, kind }, 'a job failed');
}

async function repeatForEver(
  everyMs: number,
  what: string,
  work: () => Promise<unknown>,
): Promise<never> {
  for (;;) {
    await work().catch((error: unknown) => {
      log.error({ err: error }, `${what} failed`);
    });
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
