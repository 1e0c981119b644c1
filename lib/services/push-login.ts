import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { repositories } from '@/db/schema';
import type { PushLogin } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { type AttemptKey, lockAttempt } from '@/lib/services/build-work';
import { findCredential, prepareRepository } from '@/lib/services/credentials';
import { readJobCredentials } from '@/lib/services/job-credentials';
import type { WorkerActor } from '@/lib/services/worker-auth';

type RepositoryRow = typeof repositories.$inferSelect;

/**
 * The login for a live attempt's push, made now, and the repository made where the registry wants one first. Throws
 * ATTEMPT_STALE, BUILD_LOGIN_FAILED, and what may be over in a moment as it is: CLOUD_UNREACHABLE,
 * REGISTRY_RATE_LIMITED.
 */
export async function makePushLogin(
  worker: WorkerActor,
  key: AttemptKey,
): Promise<PushLogin> {
  const { build, repository } = await db().transaction(async (tx) => {
    const locked = await lockAttempt(tx, worker, key);
    const [row] = await tx
      .select()
      .from(repositories)
      .where(eq(repositories.id, locked.build.repositoryId));
    if (!row) throw new Error('A build has lost its repository.');
    return { build: locked.build, repository: row };
  });
  const { credentials } = await readJobCredentials(build, repository, [], {
    isFresh: true,
  });
  return {
    credential: credentials[0] ?? null,
    repository: await prepare(build.id, repository),
  };
}

/** Says what became of the repository. Nothing here ends a build: the push itself shows whether it was needed. */
async function prepare(
  buildId: string,
  { teamId, registryId, host, path }: RepositoryRow,
): Promise<PushLogin['repository']> {
  const credential =
    registryId && (await findCredential(teamId, registryId, 'push'));
  if (!credential) return null;
  try {
    const made = await prepareRepository(
      teamId,
      credential.id,
      { kind: 'build', buildId },
      path,
    );
    if (made?.outcome === 'made')
      return { isReady: true, note: `Made the repository ${path} at ${host}.` };
    if (made?.outcome === 'refused') {
      return {
        isReady: false,
        note: `The credential may not make repositories: its policy must allow ${made.action}. Until then ${path} must be there, or be made on push by a repository creation template.`,
      };
    }
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      isReady: false,
      note: `The repository ${path} could not be made: ${error.message}`,
    };
  }
}
