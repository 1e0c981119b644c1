import 'server-only';
import { and, eq, isNull, sql } from 'drizzle-orm';
import { db } from '@/db';
import {
  credentialChecks,
  credentials,
  registries,
  repositories,
  type StoredCredentialCheck,
} from '@/db/schema';
import { AppError } from '@/lib/errors';
import type { RegistryClient } from '@/lib/registry/client';
import { failureOf, isPassing } from '@/lib/registry/credential-state';
import type { CredentialCheckView } from '@/lib/registry/views';
import { type CredentialRow, withCredential } from '@/lib/services/credentials';
import { type RegistryRow, withClient } from '@/lib/services/registry-clients';

/** A name that nobody pushes to; asking whether one may push there makes nothing. */
const PROBE_NAME = 'imageyard-push-test';

const EVERY_MS = 4 * 60 * 60 * 1000;
const SOON_MS = 15 * 60 * 1000;

type Tested = Pick<CredentialRow, 'id' | 'teamId' | 'purpose' | 'lastCheck'>;

type Testing = Map<string, Promise<CredentialCheckView>>;
// The jobs and the actions are two bundles of one process.
const holder = globalThis as typeof globalThis & { imageyardTesting?: Testing };
const testing = (holder.imageyardTesting ??= new Map<
  string,
  Promise<CredentialCheckView>
>());

/**
 * Asks the registry whether it takes a credential, pull and push apart, and keeps the answer with the credential; what
 * changed is written down. Two who ask at once share one look. Throws what stood in the way of asking: a RegistryError,
 * CREDENTIAL_SEALED, CREDENTIAL_UNUSABLE.
 */
export function testCredential(
  registry: RegistryRow,
  credential: Tested,
): Promise<CredentialCheckView> {
  const running =
    testing.get(credential.id) ??
    look(registry, credential).finally(() => testing.delete(credential.id));
  testing.set(credential.id, running);
  return running;
}

/** Tests a credential by its id. Gives the milliseconds until it is due again, `null` when it is gone. */
export async function testDueCredential(
  credentialId: string,
  random: () => number = Math.random,
): Promise<number | null> {
  const [row] = await db()
    .select({ credential: credentials, registry: registries })
    .from(credentials)
    .innerJoin(registries, eq(registries.id, credentials.registryId))
    .where(
      and(eq(credentials.id, credentialId), isNull(registries.archivedAt)),
    );
  if (!row) return null;
  // Spread, so that credentials stored together are not tested together for ever.
  const spread = 0.75 + random() / 2;
  try {
    await testCredential(row.registry, row.credential);
    return EVERY_MS * spread;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const isAway = error.code.endsWith('_UNREACHABLE');
    return (isAway ? SOON_MS : EVERY_MS) * spread;
  }
}

async function look(
  registry: RegistryRow,
  credential: Tested,
): Promise<CredentialCheckView> {
  const at = new Date().toISOString();
  try {
    const target = await findTarget(registry);
    const found = await withCredential(
      credential.teamId,
      credential.id,
      { kind: 'test' },
      (opened) => withClient(registry, opened, (client) => ask(client, target)),
    );
    const check = { at, ...found, fault: null };
    await store(credential, check);
    return check;
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'NOT_FOUND') throw error;
    const { code, message } = error;
    const unknown = { outcome: 'unknown', explanation: message } as const;
    const { pull, push } = credential.lastCheck ?? {
      pull: unknown,
      push: unknown,
    };
    await store(credential, { at, pull, push, fault: { code, message } });
    throw error;
  }
}

async function ask(
  client: RegistryClient,
  target: Target,
): Promise<Pick<CredentialCheckView, 'pull' | 'push'>> {
  const pull = await client.checkPull(target.isExisting ? target.path : null);
  const push = await client.checkPush(target.path, target.isExisting);
  return {
    pull: { outcome: pull.outcome, explanation: pull.explanation },
    push: { outcome: push.outcome, explanation: push.explanation },
  };
}

async function store(
  { id }: Tested,
  check: CredentialCheckView,
): Promise<void> {
  await db().transaction(async (tx) => {
    const [row] = await tx
      .select({
        teamId: credentials.teamId,
        purpose: credentials.purpose,
        lastCheck: credentials.lastCheck,
        failingSince: credentials.failingSince,
      })
      .from(credentials)
      .where(eq(credentials.id, id))
      .for('update');
    // Replaced while it was being tested.
    if (!row) return;
    const lastCheck: StoredCredentialCheck = { version: 1, ...check };
    const wasFailing = row.failingSince !== null;
    const failure = failureOf(row.purpose, check, row.lastCheck?.fault ?? null);
    const isOver = failure === null && isPassing(row.purpose, check);
    const failingSince =
      failure && !wasFailing ? new Date(check.at) : undefined;
    await tx
      .update(credentials)
      .set({
        lastCheck,
        ...(failingSince ? { failingSince } : {}),
        ...(isOver ? { failingSince: null } : {}),
      })
      .where(eq(credentials.id, id));
    if (failingSince || (isOver && wasFailing))
      await tx.insert(credentialChecks).values({
        teamId: row.teamId,
        credentialId: id,
        isFailing: failingSince !== undefined,
        explanation: failure ?? 'It is accepted again.',
      });
  });
}

type Target = { path: string; isExisting: boolean };

/** A repository known to be there, or a name of ours under the namespace. */
async function findTarget(registry: RegistryRow): Promise<Target> {
  const [known] = await db()
    .select({ path: repositories.path })
    .from(repositories)
    .where(
      and(
        eq(repositories.registryId, registry.id),
        sql`exists (select 1 from manifests where manifests.repository_id = ${repositories.id} and manifests.gone_at is null)`,
      ),
    )
    .limit(1);
  if (known) return { path: known.path, isExisting: true };
  return {
    path: [registry.namespace, PROBE_NAME]
      .filter((part) => part !== '')
      .join('/'),
    isExisting: false,
  };
}
