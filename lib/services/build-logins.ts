import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { repositories } from '@/db/schema';
import type { LoginAnswer, LoginRequest } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { rememberSecrets } from '@/lib/services/attempt-redactors';
import { type AttemptKey, lockAttempt } from '@/lib/services/build-work';
import { findCredential, prepareRepository } from '@/lib/services/credentials';
import { readJobCredentials } from '@/lib/services/job-credentials';
import { readJobImages } from '@/lib/services/job-images';
import type { WorkerActor } from '@/lib/services/worker-auth';

type RepositoryRow = typeof repositories.$inferSelect;

/**
 * A login for a live attempt, made now: for one host that its build takes images from or pushes to, or for its push, and
 * then the repository is made where the registry wants one first. No credential for any other host. Throws ATTEMPT_STALE, BUILD_LOGIN_FAILED, and what may be over in a moment as it is: CLOUD_UNREACHABLE,
 * REGISTRY_RATE_LIMITED.
 */
export async function makeLogin(
  worker: WorkerActor,
  key: AttemptKey,
  { host }: LoginRequest,
): Promise<LoginAnswer> {
  const { build, repository } = await db().transaction(async (tx) => {
    const locked = await lockAttempt(tx, worker, key);
    const [row] = await tx
      .select()
      .from(repositories)
      .where(eq(repositories.id, locked.build.repositoryId));
    if (!row) throw new Error('A build has lost its repository.');
    return { build: locked.build, repository: row };
  });
  const isPush = host === null;
  const { images } = isPush ? { images: [] } : await readJobImages(build);
  const { credentials } = await readJobCredentials(build, repository, images, {
    isFresh: true,
    only: host ?? repository.host,
  });
  rememberSecrets(
    key,
    credentials.map(({ password }) => password),
  );
  return {
    credential: credentials[0] ?? null,
    repository: isPush ? await prepare(build.id, repository) : null,
  };
}

/** Says what became of the repository. Nothing here ends a build: the push itself shows whether it was needed. */
async function prepare(
  buildId: string,
  { teamId, registryId, host, path }: RepositoryRow,
): Promise<LoginAnswer['repository']> {
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
