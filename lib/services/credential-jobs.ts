import 'server-only';
import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { jobs } from '@/db/schema';
import { addJob } from '@/lib/services/jobs';

/** Asks for a credential to be tested now, and then every few hours for as long as it is stored. */
export async function addCredentialTest(
  tx: Transaction,
  credential: { id: string; teamId: string },
): Promise<void> {
  await addJob(tx, {
    teamId: credential.teamId,
    kind: 'test_credential',
    key: credential.id,
    payload: { credentialId: credential.id },
  });
}

/** Ends the tests of credentials that are deleted in this transaction. */
export async function removeCredentialTests(
  tx: Transaction,
  credentialIds: readonly string[],
): Promise<void> {
  if (credentialIds.length === 0) return;
  await tx
    .delete(jobs)
    .where(
      and(
        eq(jobs.kind, 'test_credential'),
        inArray(jobs.key, [...credentialIds]),
      ),
    );
}
