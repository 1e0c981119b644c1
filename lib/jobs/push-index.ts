import 'server-only';
import { z } from 'zod';
import { db } from '@/db';
import type { Failure } from '@/lib/build/protocol';
import type { JobHandler, JobResult } from '@/lib/jobs/loop';
import { retryAfterMs } from '@/lib/jobs/registry-retries';
import { AppError } from '@/lib/errors';
import { putIndex } from '@/lib/registry/client/put-index';
import { RegistryError } from '@/lib/registry/errors';
import { type Output, readPartOutputs } from '@/lib/services/build-outputs';
import { type BuildRow, moveBuild } from '@/lib/services/build-moves';
import { publishBuild } from '@/lib/services/build-publish';
import { isStillVerifying, readBuildTarget } from '@/lib/services/build-target';
import { type Inventory, readInventory } from '@/lib/services/manifests';
import { withRegistry } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';

const Payload = z.object({ buildId: z.uuid() });
const DONE: JobResult = { done: true };

type Target = { build: BuildRow; repository: RepositoryRow };

/**
 * Puts the index of a build's parts under its tag, reads it back by digest, and only then publishes the build. A process
 * that is killed on the way leaves a job that puts the same bytes again.
 */
export const pushIndexJob: JobHandler = async (job) => {
  const { buildId } = Payload.parse(job.payload);
  const target = await readBuildTarget(buildId);
  if (target?.build.state !== 'verifying') return DONE;
  const outputs = await readPartOutputs(buildId);
  try {
    await publish(target, outputs, await put(target, outputs));
    return DONE;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return settle(target, job.attempts, error);
  }
};

function put(
  { build, repository }: Target,
  outputs: readonly Output[],
): Promise<Inventory> {
  const { teamId, tag } = build;
  const { host, path } = repository;
  return withRegistry({ teamId, host, path }, 'stored_push', async (client) => {
    const place = { client, repository: path, tag };
    return readInventory(client, path, await putIndex(place, outputs));
  });
}

async function publish(
  { build, repository }: Target,
  outputs: Output[],
  inventory: Inventory,
): Promise<void> {
  const { digest } = inventory.fetched;
  await db().transaction(async (tx) => {
    if (!(await isStillVerifying(tx, build.id))) return;
    await publishBuild(tx, {
      build,
      repository,
      digest,
      inventory,
      outputs,
      verifiedBy: 'server',
    });
  });
}

async function settle(
  target: Target,
  tries: number,
  error: AppError,
): Promise<JobResult> {
  const { host } = target.repository;
  if (error instanceof RegistryError) {
    const retryMs = retryAfterMs(error, tries);
    if (retryMs !== null)
      return { done: false, retryMs, reason: `${host} does not answer.` };
  }
  const { code, message } = toFailure(host, error);
  await db().transaction(async (tx) => {
    if (!(await isStillVerifying(tx, target.build.id))) return;
    await moveBuild(tx, target.build, 'failed', {
      failureCode: code,
      failureMessage: message,
    });
  });
  return DONE;
}

function toFailure(
  host: string,
  { code, message }: AppError,
): Pick<Failure, 'code' | 'message'> {
  switch (code) {
    case 'BUILD_PLATFORM_MISMATCH':
      return { code, message };
    case 'REGISTRY_DENIED':
      return {
        code: 'BUILD_PUSH_DENIED',
        message: `${host} took the images, but not the index that joins them: ${message}`,
      };
    case 'REGISTRY_NOT_FOUND':
      return {
        code: 'BUILD_DIGEST_MISMATCH',
        message: `${host} no longer has every image that was pushed: ${message}`,
      };
    case 'REGISTRY_INVALID_ANSWER':
      return {
        code: 'BUILD_DIGEST_MISMATCH',
        message: `What ${host} gives is not what was pushed: ${message}`,
      };
    default:
      return {
        code: 'BUILD_PUSH_FAILED',
        message: `The images were pushed, but not the index that joins them: ${message}`,
      };
  }
}
