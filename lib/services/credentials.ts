import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { db, type Transaction } from '@/db';
import { credentials } from '@/db/schema';
import { keyIdOf, open, seal } from '@/lib/crypto';
import { AppError } from '@/lib/errors';
import {
  chooseCredential,
  type CredentialDetails,
  type CredentialInput,
  type CredentialPurpose,
} from '@/lib/registry/credential';
import { expiryOf } from '@/lib/registry/credential-expiry';
import type { RepositoryOutcome } from '@/lib/registry/cloud/ecr';
import {
  forgetMinted,
  makeMissingRepository,
  type MintWish,
} from '@/lib/services/cloud-credentials';
import {
  addCredentialTest,
  removeCredentialTests,
} from '@/lib/services/credential-jobs';
import {
  usable,
  type UsableCredential,
} from '@/lib/services/usable-credential';

export type CredentialRow = Omit<
  typeof credentials.$inferSelect,
  'sealedSecret'
>;

/** A secret in the clear, for the length of one call. */
export type OpenedCredential = UsableCredential & {
  id: string;
  purpose: CredentialPurpose;
  /** Origins of token services it may go to, beside the registry's own. */
  realmOrigins: string[];
};

/**
 * Why a credential is opened. Each use but a test is stamped on the row. `isFresh`: a login that is minted is made anew,
 * whatever is left of the last.
 */
export type Use =
  | { kind: 'build'; buildId: string; isFresh?: boolean }
  | { kind: 'look' | 'export' | 'test' };

const place = (row: { id: string; teamId: string }) => ({
  table: 'credentials',
  rowId: row.id,
  teamId: row.teamId,
});

/** Puts a new credential in the place of the registry's old one of that purpose; the old secret is deleted. */
export async function replaceCredential(
  tx: Transaction,
  registry: { id: string; teamId: string },
  purpose: CredentialPurpose,
  input: CredentialInput,
  createdBy: string,
): Promise<{ id: string }> {
  const id = v7();
  await removeCredential(tx, registry, purpose);
  const sealedSecret = seal(
    input.password,
    place({ id, teamId: registry.teamId }),
  );
  await tx.insert(credentials).values({
    id,
    teamId: registry.teamId,
    registryId: registry.id,
    purpose,
    method: input.method,
    username: input.username,
    details: detailsOf(input),
    sealedSecret,
    keyId: keyIdOf(sealedSecret),
    expiresAt: expiryOf(input) ?? endOfToken(input),
    createdBy,
  });
  await addCredentialTest(tx, { id, teamId: registry.teamId });
  return { id };
}

/** Deletes the registry's credential of a purpose for real; without a purpose all of them. */
export async function removeCredential(
  tx: Transaction,
  registry: { id: string; teamId: string },
  purpose?: CredentialPurpose,
): Promise<void> {
  const gone = await tx
    .delete(credentials)
    .where(
      and(
        eq(credentials.registryId, registry.id),
        eq(credentials.teamId, registry.teamId),
        purpose ? eq(credentials.purpose, purpose) : undefined,
      ),
    )
    .returning({ id: credentials.id });
  const ids = gone.map(({ id }) => id);
  forgetMinted(ids);
  await removeCredentialTests(tx, ids);
}

/** An access token of Google's tells nobody when it ends, and none lives for more than an hour. */
function endOfToken({ method }: CredentialInput): Date | null {
  return method === 'gcp_token' ? new Date(Date.now() + 3_600_000) : null;
}

/** What a method needs beside its secret. */
function detailsOf(input: CredentialInput): CredentialDetails {
  if (input.method !== 'aws_role' && input.method !== 'aws_ambient')
    return { version: 1 };
  const { roleArn = null, externalId = null } = input;
  return { version: 1, roleArn, externalId };
}

/** The credentials kept for a registry, without their secrets. */
export async function listCredentials(
  teamId: string,
  registryId: string,
): Promise<CredentialRow[]> {
  const rows = await db()
    .select()
    .from(credentials)
    .where(
      and(
        eq(credentials.teamId, teamId),
        eq(credentials.registryId, registryId),
      ),
    );
  return rows.map(({ sealedSecret: _, ...credential }) => credential);
}

/**
 * The credential that serves a purpose at a registry, without its secret, or `null`. A pull without a credential of its
 * own takes the push credential; nothing else stands in for another.
 */
export async function findCredential(
  teamId: string,
  registryId: string,
  purpose: CredentialPurpose,
): Promise<CredentialRow | null> {
  return chooseCredential(await listCredentials(teamId, registryId), purpose);
}

/**
 * The one door to a stored secret: opens it, makes of it what a registry takes, hands that to `spend`, and stamps the
 * use, unless it is a test. Throws NOT_FOUND for another team's, CREDENTIAL_SEALED when the installation key does not fit,
 * CREDENTIAL_UNUSABLE when nothing can be made of it.
 */
export async function withCredential<T>(
  teamId: string,
  credentialId: string,
  use: Use,
  spend: (credential: OpenedCredential) => Promise<T>,
): Promise<T> {
  const stored = await readStored(teamId, credentialId, use);
  const opened = await usable(stored, wishOf(use));
  return spend({
    ...opened,
    id: stored.id,
    purpose: stored.purpose,
    realmOrigins: stored.realmOrigins,
  });
}

/** Makes the repository of a push with the cloud identity that a credential stands for. As `makeMissingRepository`. */
export async function prepareRepository(
  teamId: string,
  credentialId: string,
  use: Use,
  path: string,
): Promise<RepositoryOutcome | null> {
  const stored = await readStored(teamId, credentialId, use);
  return makeMissingRepository(stored, path, wishOf(use));
}

async function readStored(teamId: string, credentialId: string, use: Use) {
  const row = await readSealed(teamId, credentialId, use);
  if (!row) throw new AppError('NOT_FOUND', 'There is no such credential.');
  const { sealedSecret, ...stored } = row;
  return { ...stored, secret: open(sealedSecret, place(row)) };
}

/** A cloud notes who logs in: Imageyard, and the build it is for. An export and a test are no good with an old login. */
function wishOf(use: Use): MintWish {
  return use.kind === 'build'
    ? {
        sessionName: `imageyard-build-${use.buildId}`,
        isFresh: use.isFresh ?? false,
      }
    : {
        sessionName: `imageyard-${use.kind}`,
        isFresh: use.kind === 'export' || use.kind === 'test',
      };
}

async function readSealed(teamId: string, credentialId: string, use: Use) {
  const isIt = and(
    eq(credentials.id, credentialId),
    eq(credentials.teamId, teamId),
  );
  if (use.kind === 'test') {
    const [row] = await db().select().from(credentials).where(isIt);
    return row;
  }
  const [row] = await db()
    .update(credentials)
    .set({
      lastUsedAt: sql`now()`,
      lastUsedFor: use.kind,
      lastBuildId: use.kind === 'build' ? use.buildId : null,
    })
    .where(isIt)
    .returning();
  return row;
}
