import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { buildAttempts, builds, repositories } from '@/db/schema';
import { secretsOf } from '@/lib/build/job-secrets';
import { Redactor } from '@/lib/build/redact';
import { AppError } from '@/lib/errors';
import { log } from '@/lib/log';
import type { AttemptKey } from '@/lib/services/build-work';
import { readJobCredentials } from '@/lib/services/job-credentials';
import { readJobImages } from '@/lib/services/job-images';
import { readJobSecrets } from '@/lib/services/job-secrets';
import type { WorkerActor } from '@/lib/services/worker-auth';

/** So many attempts run at once at most; another one is read again when it reports. */
const MAX_KEPT = 500;

const holder = globalThis as typeof globalThis & {
  imageyardRedactors?: Map<string, Promise<Redactor>>;
};
const kept = (holder.imageyardRedactors ??= new Map<
  string,
  Promise<Redactor>
>());
const nameOf = ({ buildId, attempt }: AttemptKey) => `${buildId} ${attempt}`;

/** Remembers, in this process alone, what an attempt was given, so that nothing it reports shows it. */
export function rememberSecrets(
  key: AttemptKey,
  secrets: readonly string[],
): void {
  const name = nameOf(key);
  const known = kept.get(name);
  kept.delete(name);
  kept.set(
    name,
    known
      ? known.then((redactor) => {
          redactor.add(secrets);
          return redactor;
        })
      : Promise.resolve(new Redactor(secrets)),
  );
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) return;
    kept.delete(oldest);
  }
}

/** Forgets what an attempt was given: it is over. */
export function forgetSecrets(key: AttemptKey): void {
  kept.delete(nameOf(key));
}

/**
 * What hides the secrets of an attempt. In a process that did not give them out, after a restart, they are opened again;
 * not for a transaction. A login that cannot be made again now is hidden by the worker alone. For an attempt that is over
 * nothing is opened: what it reports is refused.
 */
export function redactorOf(
  worker: WorkerActor,
  key: AttemptKey,
): Promise<Redactor> {
  const name = nameOf(key);
  const known = kept.get(name);
  if (known) return known;
  const read = readSecrets(worker, key).then((secrets) => {
    if (!secrets) kept.delete(name);
    return new Redactor(secrets ?? []);
  });
  kept.set(name, read);
  read.catch(() => kept.delete(name));
  return read;
}

/** `null` when the attempt is over, or another worker's. */
async function readSecrets(
  worker: WorkerActor,
  { buildId, attempt }: AttemptKey,
): Promise<string[] | null> {
  const [row] = await db()
    .select({ build: builds, repository: repositories })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .innerJoin(
      buildAttempts,
      and(
        eq(buildAttempts.buildId, builds.id),
        eq(buildAttempts.attempt, builds.currentAttempt),
      ),
    )
    .where(
      and(
        eq(builds.id, buildId),
        eq(builds.teamId, worker.teamId),
        eq(buildAttempts.attempt, attempt),
        eq(buildAttempts.workerId, worker.workerId),
        isNull(buildAttempts.outcome),
      ),
    );
  if (!row) return null;
  const { build, repository } = row;
  const { revision, fields, images } = await readJobImages(build);
  const orNone = (error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    log.warn({ build: buildId, code: error.code }, 'not hidden by the server');
    return null;
  };
  const secrets = await readJobSecrets(
    build.teamId,
    fields,
    revision.secretNames,
  ).catch(orNone);
  const logins = await readJobCredentials(build, repository, images).catch(
    orNone,
  );
  return secretsOf({
    secrets: secrets ?? [],
    credentials: logins?.credentials ?? [],
  });
}
