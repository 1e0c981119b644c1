import 'server-only';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { buildAttempts, builds, repositories, workers } from '@/db/schema';
import { withPlatforms } from '@/lib/build/engine-platforms';
import { secretsOf } from '@/lib/build/job-secrets';
import { toMadeWith } from '@/lib/build/made-with';
import {
  type ClaimAnswer,
  type ClaimRequest,
  type EngineReport,
  type Job,
  LEASE_MS,
  LONG_POLL_MS,
} from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { rememberSecrets } from '@/lib/services/attempt-redactors';
import { findNext } from '@/lib/services/build-choice';
import { endAttempt } from '@/lib/services/build-ends';
import { moveBuild, type BuildRow } from '@/lib/services/build-moves';
import { readJobSecrets } from '@/lib/services/job-secrets';
import { readJobCredentials } from '@/lib/services/job-credentials';
import { readJobImages } from '@/lib/services/job-images';
import { notify, waiter } from '@/lib/services/notify';
import { readRevisionFiles } from '@/lib/services/revision-files';
import { orderCheckup } from '@/lib/services/worker-checkup';
import type { WorkerActor } from '@/lib/services/worker-auth';

const LOG_BYTES = 64 * 1024 * 1024;
const MINUTE_MS = 60_000;
const POLL_MS = 5_000;
/** Why a job cannot be put together, for reasons that a person mends. */
const UNMAKEABLE = ['BUILD_SECRET_MISSING', 'BUILD_LOGIN_FAILED'] as const;

/** A lease that ends `LEASE_MS` from now by the database's clock. */
export const leaseEnd = sql`now() + ${LEASE_MS} * interval '1 millisecond'`;

/**
 * Stores what the worker says of itself, then waits up to 25 s for a build that `findNext` gives it, or for a look after
 * itself that is due. The answer alone carries credentials, for this attempt only; a repeated key is answered with the
 * same one.
 */
export async function claimJob(
  worker: WorkerActor,
  request: ClaimRequest,
  signal: AbortSignal,
): Promise<ClaimAnswer> {
  const engine = await noteEngine(worker, request);
  const deadline = Date.now() + LONG_POLL_MS;
  const wait = waiter(`queue:${worker.teamId}`, signal);
  try {
    for (;;) {
      const claimed =
        engine.state === 'ready'
          ? await claimOnce(worker, { ...request, engine })
          : null;
      const job = claimed && (await toJobOrFail(claimed));
      if (job) rememberSecrets(job, secretsOf(job));
      if (claimed && !job) continue;
      const checkup = await orderCheckup(worker);
      const left = deadline - Date.now();
      if (job || checkup || left <= 0 || signal.aborted)
        return { job, checkup };
      await wait.next(Math.min(left, POLL_MS));
    }
  } finally {
    wait.close();
  }
}

/** Keeps what a worker says of its engine, with what it emulates. */
async function noteEngine(
  { workerId }: WorkerActor,
  { version, engine: reported }: ClaimRequest,
): Promise<EngineReport> {
  const [seen] = await db()
    .select({ findings: workers.findings })
    .from(workers)
    .where(eq(workers.id, workerId));
  const engine = withPlatforms(reported, seen?.findings ?? null);
  await db()
    .update(workers)
    .set({ version, engine })
    .where(eq(workers.id, workerId));
  return engine;
}

type ReadyClaim = ClaimRequest & {
  engine: Extract<ClaimRequest['engine'], { state: 'ready' }>;
};

/** The build this key has claimed already, or the next one. Two requests with one key never claim two. */
async function claimOnce(
  worker: WorkerActor,
  request: ReadyClaim,
): Promise<BuildRow | null> {
  const { key } = request;
  return db().transaction(async (tx) => {
    // Who runs how much is counted: two workers of a team claim one after the other.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtext(${`imageyard.claim.${worker.teamId}`}))`,
    );
    const known = await readClaimed(tx, worker, key);
    if (known) return known;
    const next = await findNext(tx, worker.workerId);
    if (!next) return null;
    // Whoever left a build to this worker looks again once it has no slot for it.
    if (next.freeSlots === 1) await notify(tx, `queue:${worker.teamId}`);
    return take(tx, worker, request, next.build);
  });
}

async function readClaimed(
  tx: Transaction,
  worker: WorkerActor,
  key: string,
): Promise<BuildRow | null> {
  const [row] = await tx
    .select({ build: builds })
    .from(buildAttempts)
    .innerJoin(
      builds,
      and(
        eq(builds.id, buildAttempts.buildId),
        eq(builds.currentAttempt, buildAttempts.attempt),
      ),
    )
    .where(
      and(
        eq(buildAttempts.workerId, worker.workerId),
        eq(buildAttempts.claimKey, key),
        isNull(buildAttempts.outcome),
        eq(buildAttempts.nextSeq, 1),
      ),
    );
  return row?.build ?? null;
}

async function take(
  tx: Transaction,
  worker: WorkerActor,
  { key, version, engine }: ReadyClaim,
  build: BuildRow,
): Promise<BuildRow> {
  const attempt = build.currentAttempt + 1;
  await tx.insert(buildAttempts).values({
    buildId: build.id,
    attempt,
    workerId: worker.workerId,
    claimKey: key,
    leaseUntil: leaseEnd,
    madeWith: toMadeWith(version, engine),
  });
  await moveBuild(tx, build, 'claimed', { currentAttempt: attempt });
  return { ...build, state: 'claimed', currentAttempt: attempt };
}

/** A build whose job cannot be put together fails, and says why; the worker takes the next one. */
async function toJobOrFail(build: BuildRow): Promise<Job | null> {
  try {
    return await toJob(build);
  } catch (error) {
    const code =
      error instanceof AppError &&
      UNMAKEABLE.find((known) => known === error.code);
    if (!code) throw error;
    const { message } = error;
    await db().transaction((tx) =>
      endAttempt(tx, build, 'failed', {
        code,
        message,
        step: null,
        exitCode: null,
      }),
    );
    return null;
  }
}

async function toJob(build: BuildRow): Promise<Job> {
  const [repository] = await db()
    .select()
    .from(repositories)
    .where(eq(repositories.id, build.repositoryId));
  if (!repository) throw new Error('A claimed build has lost its repository.');
  const { revision, fields, helperImages, baseImage, images } =
    await readJobImages(build);
  const { credentials, reach } = await readJobCredentials(
    build,
    repository,
    images,
  );
  return {
    buildId: build.id,
    attempt: build.currentAttempt,
    buildNumber: build.number,
    spec: fields,
    files: await readRevisionFiles(build.teamId, revision.files),
    archive: revision.archive,
    secrets: await readJobSecrets(build.teamId, fields, revision.secretNames),
    baseImage,
    specId: revision.flyteId,
    imageName: `${repository.host}/${repository.path}:${build.tag}`,
    target: {
      host: repository.host,
      repository: repository.path,
      tag: build.tag,
      ...reach,
    },
    platform: build.platform,
    flytekitVersion: revision.flytekitVersion,
    helperImages,
    noCache: build.noCache,
    credentials,
    limits: {
      totalMs: build.totalMinutes * MINUTE_MS,
      idleMs: build.idleMinutes * MINUTE_MS,
      logBytes: LOG_BYTES,
    },
  };
}
