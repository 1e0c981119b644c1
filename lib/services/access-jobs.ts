import 'server-only';
import type { Database, Transaction } from '@/db';
import { addJob } from '@/lib/services/jobs';
import type { RepositoryRow } from '@/lib/services/repositories';

export type AccessQuestion = {
  repository: Pick<RepositoryRow, 'id' | 'teamId'>;
  /** `:tag` or `@digest`. */
  reference: string;
  platform: string;
};

/** Asks for an access check of one reference, soon. */
export async function addAccessCheck(
  tx: Transaction | Database,
  question: AccessQuestion,
): Promise<void> {
  const { repository, reference, platform } = question;
  await addJob(tx, {
    teamId: repository.teamId,
    kind: 'check_access',
    key: `${repository.id}${reference} ${platform}`,
    payload: { repositoryId: repository.id, reference, platform },
  });
}
