import 'server-only';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import {
  buildAttempts,
  builds,
  imageSpecs,
  repositories,
  specRevisions,
  workers,
} from '@/db/schema';
import {
  type ClaimRequest,
  type Job,
  LEASE_MS,
  LONG_POLL_MS,
} from '@/lib/build/protocol';
import { moveBuild, type BuildRow } from '@/lib/services/build-moves';
import { readJobCredentials } from '@/lib/services/job-credentials';
import { waiter } from '@/lib/services/notify';
import { readRevisionFiles } from '@/lib/services/revision-files';
import { readHelperImages } from '@/lib/services/settings';
import type { WorkerActor } from '@/lib/services/worker-auth';

const LIMITS: Job['limits'] = {
  totalMs: 2 * 60 * 60 * 1000,
  idleMs: 30 * 60 * 1000,
  logBytes: 64 * 1024 * 1024,
};
const POLL_MS = 5_000;

/** A lease that ends `LEASE_MS` from now by the database's clock. */
export const leaseEnd = sql`now() + ${LEASE_MS} * interval '1 millisecond'`;

/**
 * Stores what the worker says of itself, then waits up to 25 s for the oldest queued build of its team that its engine
 * can make. The answer alone carries credentials, for this attempt only; a repeated key is answered with the same one.
 */
export async function claimJob(
  worker: WorkerActor,
  request: ClaimRequest,
  signal: AbortSignal,
): Promise<Job | null> {
  await db()
    .update(workers)
    .set({ version: request.version, engine: request.engine })
    .where(eq(workers.id, worker.workerId));
  const deadline = Date.now() + LONG_POLL_MS;
  const wait = waiter(`queue:${worker.teamId}`, signal);
  try {
    for (;;) {
      const claimed =
        request.engine.state === 'ready'
          ? await claimOnce(worker, request.key, request.engine.platforms)
          : null;
      if (claimed) return await toJob(claimed);
      const left = deadline - Date.now();
      if (left <= 0 || signal.aborted) return null;
      await wait.next(Math.min(left, POLL_MS));
    }
  } finally {
    wait.close();
  }
}

/** The build this key has claimed already, or the next one. Two requests with one key never claim two. */
async function claimOnce(
  worker: WorkerActor,
  key: string,
  platforms: string[],
): Promise<BuildRow | null> {
  return db().transaction(async (tx) => {
    await tx
      .select({ id: workers.id })
      .from(workers)
      .where(eq(workers.id, worker.workerId))
      .for('update');
    return (
      (await readClaimed(tx, worker, key)) ??
      (await claimNext(tx, worker, key, platforms))
    );
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

async function claimNext(
  tx: Transaction,
  worker: WorkerActor,
  claimKey: string,
  platforms: string[],
): Promise<BuildRow | null> {
  const [build] = await tx
    .select()
    .from(builds)
    .where(
      and(
        eq(builds.teamId, worker.teamId),
        eq(builds.state, 'queued'),
        sql`${builds.platform} = any(${sql.param(platforms)})`,
      ),
    )
    .orderBy(asc(builds.id))
    .limit(1)
    .for('update', { skipLocked: true });
  if (!build) return null;
  const attempt = build.currentAttempt + 1;
  await tx.insert(buildAttempts).values({
    buildId: build.id,
    attempt,
    workerId: worker.workerId,
    claimKey,
    leaseUntil: leaseEnd,
  });
  await moveBuild(tx, build, 'claimed', { currentAttempt: attempt });
  return { ...build, state: 'claimed', currentAttempt: attempt };
}

async function toJob(build: BuildRow): Promise<Job> {
  const [row] = await db()
    .select({
      revision: specRevisions,
      repository: repositories,
      specName: imageSpecs.name,
    })
    .from(specRevisions)
    .innerJoin(imageSpecs, eq(imageSpecs.id, specRevisions.specId))
    .innerJoin(repositories, eq(repositories.id, build.repositoryId))
    .where(eq(specRevisions.id, build.revisionId));
  if (!row) throw new Error('A claimed build has lost its revision.');
  const { revision, repository } = row;
  const helperImages = await readHelperImages(build.teamId);
  const { credentials, plainHttp } = await readJobCredentials(
    build.teamId,
    repository,
    revision.fields,
    helperImages,
  );
  return {
    buildId: build.id,
    attempt: build.currentAttempt,
    buildNumber: build.number,
    spec: revision.fields,
    files: await readRevisionFiles(build.teamId, revision.files),
    specId: revision.flyteId,
    imageName: `${repository.host}/${repository.path}:${build.tag}`,
    target: {
      host: repository.host,
      repository: repository.path,
      tag: build.tag,
      plainHttp,
    },
    platform: build.platform,
    flytekitVersion: revision.flytekitVersion,
    helperImages,
    noCache: build.noCache,
    credentials,
    limits: LIMITS,
  };
}
