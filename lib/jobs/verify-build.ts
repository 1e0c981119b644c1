import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { db, type Transaction } from '@/db';
import {
  buildAttempts,
  buildSteps,
  type repositories,
  workers,
} from '@/db/schema';
import { type BuildBase, basesOf } from '@/lib/build/bases';
import type { Failure } from '@/lib/build/protocol';
import type { Verifier } from '@/lib/build/state';
import type { JobHandler, JobResult } from '@/lib/jobs/loop';
import { retryAfterMs } from '@/lib/jobs/registry-retries';
import { log } from '@/lib/log';
import { RegistryError } from '@/lib/registry/errors';
import { unfitFor } from '@/lib/registry/platform';
import { endAttempt } from '@/lib/services/build-ends';
import type { AttemptRow, BuildRow } from '@/lib/services/build-moves';
import { publishBuild } from '@/lib/services/build-publish';
import { isStillVerifying, readBuildTarget } from '@/lib/services/build-target';
import { type Inventory, readInventory } from '@/lib/services/manifests';
import { withRegistry } from '@/lib/services/registry-clients';

const Payload = z.object({ buildId: z.uuid() });
const DONE: JobResult = { done: true };

type Target = {
  build: BuildRow;
  repository: typeof repositories.$inferSelect;
  digest: string;
};

/**
 * Reads a pushed image back from the registry, by digest, and only then publishes its build. Whatever happens it ends
 * truthfully: the wrong bytes or nothing there fail it; a registry that this server cannot reach leaves the word to
 * the worker, which read it back itself, and says so.
 */
export const verifyBuildJob: JobHandler = async (job) => {
  const row = await readBuildTarget(Payload.parse(job.payload).buildId);
  if (row?.build.state !== 'verifying' || row.build.digest === null)
    return DONE;
  const target = { ...row, digest: row.build.digest };
  if (await isTestEngine(target.build))
    return fail(target, 'BUILD_TEST_ENGINE', 'A test engine cannot publish.');
  try {
    const inventory = await readBack(target);
    const unfit = unfitFor(target.build.platform, inventory.image);
    if (unfit !== null)
      return await fail(target, 'BUILD_PLATFORM_MISMATCH', unfit);
    await publish(target, 'server', inventory);
    return DONE;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return settle(target, job.attempts, error);
  }
};

function readBack({ build, repository, digest }: Target): Promise<Inventory> {
  const place = {
    teamId: build.teamId,
    host: repository.host,
    path: repository.path,
  };
  return withRegistry(place, 'stored_push', (client) =>
    readInventory(client, repository.path, digest),
  );
}

async function settle(
  target: Target,
  tries: number,
  error: RegistryError,
): Promise<JobResult> {
  const host = target.repository.host;
  switch (error.code) {
    case 'REGISTRY_NOT_FOUND':
      return fail(
        target,
        'BUILD_DIGEST_MISMATCH',
        `${host} does not have the digest that was pushed.`,
      );
    case 'REGISTRY_INVALID_ANSWER':
      return fail(
        target,
        'BUILD_DIGEST_MISMATCH',
        `What ${host} gives for the pushed digest is not that image.`,
      );
    case 'REGISTRY_UNREACHABLE':
    case 'REGISTRY_RATE_LIMITED': {
      const retryMs = retryAfterMs(error, tries);
      if (retryMs !== null)
        return { done: false, retryMs, reason: `${host} does not answer.` };
      return trustWorker(target, error);
    }
    default:
      // Denied, blocked, an untrusted certificate: asking again changes nothing.
      return trustWorker(target, error);
  }
}

async function trustWorker(
  target: Target,
  error: RegistryError,
): Promise<JobResult> {
  const [attempt] = await db()
    .select()
    .from(buildAttempts)
    .where(ofAttempt(target.build));
  if (!attempt?.workerReadBack) {
    const message = `The image was pushed, but neither this server nor the worker could read it back: ${error.message}`;
    return fail(target, 'BUILD_PUSH_FAILED', message);
  }
  log.warn(
    { build: target.build.id, code: error.code },
    'verified by the worker only',
  );
  await publish(target, 'worker', null);
  return DONE;
}

const ofAttempt = (build: BuildRow) =>
  and(
    eq(buildAttempts.buildId, build.id),
    eq(buildAttempts.attempt, build.currentAttempt),
  );

async function publish(
  target: Target,
  verifiedBy: Verifier,
  inventory: Inventory | null,
): Promise<void> {
  const { build, repository, digest } = target;
  await db().transaction(async (tx) => {
    if (!(await isStillVerifying(tx, build.id))) return;
    await tx
      .update(buildAttempts)
      .set({
        outcome: 'published' satisfies AttemptRow['outcome'],
        finishedAt: sql`now()`,
      })
      .where(ofAttempt(build));
    const { platform } = build;
    const bases = await readBases(tx, build);
    await publishBuild(tx, {
      build,
      repository,
      digest,
      inventory,
      outputs: [{ platform, digest, detail: { version: 1, bases } }],
      verifiedBy,
    });
  });
}

/** The images that the attempt's steps began from. What the Dockerfile itself pins can never move, and is left out. */
async function readBases(
  tx: Transaction,
  build: BuildRow,
): Promise<BuildBase[]> {
  const steps = await tx
    .select({ name: buildSteps.name })
    .from(buildSteps)
    .where(
      and(
        eq(buildSteps.buildId, build.id),
        eq(buildSteps.attempt, build.currentAttempt),
      ),
    )
    .orderBy(buildSteps.position);
  const [attempt] = await tx
    .select({ dockerfile: buildAttempts.dockerfile })
    .from(buildAttempts)
    .where(ofAttempt(build));
  return basesOf(steps.map(({ name }) => name)).filter(
    ({ digest }) => !(attempt?.dockerfile ?? '').includes(`@${digest}`),
  );
}

async function fail(
  target: Target,
  code: Failure['code'],
  message: string,
): Promise<JobResult> {
  await db().transaction(async (tx) => {
    if (!(await isStillVerifying(tx, target.build.id))) return;
    await endAttempt(tx, target.build, 'failed', {
      code,
      message,
      step: null,
      exitCode: null,
    });
  });
  return DONE;
}

async function isTestEngine(build: BuildRow): Promise<boolean> {
  const [row] = await db()
    .select({ engine: workers.engine })
    .from(buildAttempts)
    .innerJoin(workers, eq(workers.id, buildAttempts.workerId))
    .where(ofAttempt(build));
  return row?.engine?.state === 'ready' && row.engine.kind === 'test';
}
