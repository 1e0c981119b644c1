import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { db, type Transaction } from '@/db';
import { credentials } from '@/db/schema';
import { open, seal, sealingKeyId } from '@/lib/crypto';
import { AppError } from '@/lib/errors';
import type { CredentialInput } from '@/lib/registry/schema';

export type CredentialRow = Omit<
  typeof credentials.$inferSelect,
  'sealedSecret'
>;

/** A secret in the clear, for the length of one call. */
export type OpenedCredential = {
  username: string;
  password: string;
  realmOrigins: string[];
};

/** Why a credential is opened. Each use is stamped on the row. */
export type CredentialUse = 'job' | 'registry_request';

const place = (row: { id: string; teamId: string }) => ({
  table: 'credentials',
  rowId: row.id,
  teamId: row.teamId,
});

/** Puts a new credential in the place of the registry's old one of that purpose; the old secret is deleted. */
export async function replaceCredential(
  tx: Transaction,
  registry: { id: string; teamId: string },
  input: CredentialInput,
  createdBy: string,
): Promise<void> {
  const id = v7();
  await tx
    .delete(credentials)
    .where(
      and(
        eq(credentials.registryId, registry.id),
        eq(credentials.purpose, 'push'),
      ),
    );
  await tx.insert(credentials).values({
    id,
    teamId: registry.teamId,
    registryId: registry.id,
    purpose: 'push',
    method: 'password',
    username: input.username,
    sealedSecret: seal(input.password, place({ id, teamId: registry.teamId })),
    keyId: sealingKeyId(),
    createdBy,
  });
}

/** The credential kept for a registry, without its secret, or `null`. */
export async function findCredential(
  teamId: string,
  registryId: string,
): Promise<CredentialRow | null> {
  const [row] = await db()
    .select()
    .from(credentials)
    .where(
      and(
        eq(credentials.teamId, teamId),
        eq(credentials.registryId, registryId),
        eq(credentials.purpose, 'push'),
      ),
    );
  if (!row) return null;
  const { sealedSecret: _, ...credential } = row;
  return credential;
}

/**
 * The one door to a stored secret: opens it, hands it to `spend`, and stamps the use. Throws NOT_FOUND for another
 * team's, CREDENTIAL_SEALED when the installation key does not fit.
 */
export async function withCredential<T>(
  teamId: string,
  credentialId: string,
  _purpose: CredentialUse,
  spend: (credential: OpenedCredential) => Promise<T>,
): Promise<T> {
  const [row] = await db()
    .update(credentials)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(eq(credentials.id, credentialId), eq(credentials.teamId, teamId)),
    )
    .returning();
  if (!row) throw new AppError('NOT_FOUND', 'There is no such credential.');
  return spend({
    username: row.username,
    password: open(row.sealedSecret, place(row)),
    realmOrigins: row.realmOrigins,
  });
}
