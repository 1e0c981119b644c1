import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { db } from '@/db';
import { credentials, repositories } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { RegistryError } from '@/lib/registry/errors';
import type { RegistryClient } from '@/lib/registry/client';
import type { AllowRealm, RegistryId } from '@/lib/registry/forms';
import type {
  CredentialCheckView,
  RegistryTestView,
} from '@/lib/registry/views';
import { audit } from '@/lib/services/audit';
import { findCredential, withCredential } from '@/lib/services/credentials';
import { requireRegistry } from '@/lib/services/registries';
import {
  openRegistryRow,
  type RegistryRow,
} from '@/lib/services/registry-clients';
import { requireOwner } from '@/lib/services/roles';

/** A name that nobody pushes to; asking whether one may push there makes nothing. */
const PROBE_NAME = 'imageyard-push-test';

/**
 * Asks the registry whether it is one and whether it accepts the stored credential, pull and push apart. Keeps the
 * answer with the credential. Throws RegistryError for what is not about the credential: unreachable, blocked, an
 * untrusted certificate, a token service the credential is not bound to.
 */
export async function testRegistry(
  actor: Actor,
  input: RegistryId,
): Promise<RegistryTestView> {
  const registry = await requireRegistry(actor, input.registryId);
  const credential = await findCredential(actor.teamId, registry.id);
  if (!credential) {
    await openRegistryRow(registry, undefined, (client) => client.ping());
    return { check: null, isAnonymous: true };
  }
  const target = await findTarget(registry);
  const check = await withCredential(
    actor.teamId,
    credential.id,
    'registry_request',
    (opened) =>
      openRegistryRow(registry, opened, (client) => ask(client, target)),
  ).catch(namingRealm);
  await db()
    .update(credentials)
    .set({ lastCheck: { version: 1, ...check } })
    .where(eq(credentials.id, credential.id));
  return { check, isAnonymous: false };
}

/** Puts the token service's origin where the form finds it, so that the owner can be asked about it. */
function namingRealm(error: unknown): never {
  const realmOrigin =
    error instanceof RegistryError ? error.facts.realmOrigin : undefined;
  if (!(error instanceof RegistryError) || realmOrigin === undefined)
    throw error;
  throw new AppError(error.code, error.message, {
    fields: { realmOrigin },
    cause: error,
  });
}

type Target = { path: string; isExisting: boolean };

async function ask(
  client: RegistryClient,
  target: Target,
): Promise<CredentialCheckView> {
  const pull = await client.checkPull(target.isExisting ? target.path : null);
  const push = await client.checkPush(target.path, target.isExisting);
  return {
    at: new Date().toISOString(),
    pull: { outcome: pull.outcome, explanation: pull.explanation },
    push: { outcome: push.outcome, explanation: push.explanation },
  };
}

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

/** Lets the credential go to one more token service. Owner only: whoever runs that service will see the password. */
export async function allowRealm(
  actor: Actor,
  input: AllowRealm,
): Promise<{ id: string }> {
  requireOwner(actor);
  const registry = await requireRegistry(actor, input.registryId);
  const credential = await findCredential(actor.teamId, registry.id);
  if (!credential)
    throw new AppError(
      'NOT_FOUND',
      'There is no credential to allow this for.',
    );
  const realmOrigins = [
    ...new Set([...credential.realmOrigins, input.realmOrigin]),
  ];
  await db().transaction(async (tx) => {
    await tx
      .update(credentials)
      .set({ realmOrigins })
      .where(eq(credentials.id, credential.id));
    await audit(tx, actor, {
      action: 'credential.allow_realm',
      subject: registry.name,
      subjectId: registry.id,
      detail: { realmOrigin: input.realmOrigin },
    });
  });
  return { id: registry.id };
}
