import { createHash } from 'node:crypto';
import type { BuildInput } from '@/lib/build/engine';
import { buildFolders } from '@/worker/buildkit/file-sync';
import type { SessionAnswers } from '@/worker/buildkit/session';
import { credentialFor, sessionCredential } from '@/worker/registry-logins';

/** What a session answers while this input is built: its own logins, secrets and files, and nothing else. */
export function answersFor({
  job,
  dockerfile,
  context,
  secrets,
  logins,
}: BuildInput): SessionAnswers {
  const { host, repository } = job.target;
  return {
    credential: async (asked) =>
      sessionCredential(
        logins ? await logins(asked) : credentialFor(job.credentials, asked),
      ),
    secret: (id) => secrets?.get(id),
    files: {
      folders: buildFolders(dockerfile, context),
      sharedKey: createHash('sha256')
        .update(`${host}/${repository}`)
        .digest('hex'),
    },
  };
}

/** For a build that needs no more than these files. */
export function filesOnly(
  dockerfile: string,
  context: BuildInput['context'],
): SessionAnswers {
  return {
    credential: () => Promise.resolve(undefined),
    secret: () => undefined,
    files: {
      folders: buildFolders(dockerfile, context),
      sharedKey: '',
    },
  };
}
