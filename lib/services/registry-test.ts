import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { credentials } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type { CredentialPurpose } from '@/lib/registry/credential';
import { RegistryError } from '@/lib/registry/errors';
import type { AllowRealm, CredentialPlace } from '@/lib/registry/forms';
import type { RegistryTestView } from '@/lib/registry/views';
import { audit } from '@/lib/services/audit';
import { testCredential } from '@/lib/services/credential-tests';
import { listCredentials } from '@/lib/services/credentials';
import { requireRegistry } from '@/lib/services/registries';
import { type RegistryRow, withClient } from '@/lib/services/registry-clients';
import { requireOwner } from '@/lib/services/roles';

/**
 * Asks the registry whether it is one and whether it accepts the credential stored for this purpose, pull and push
 * apart. Keeps the answer with the credential. Throws RegistryError for what is not about the credential: unreachable,
 * blocked, an untrusted certificate, a token service the credential is not bound to.
 */
export async function testRegistry(
  actor: Actor,
  input: CredentialPlace,
): Promise<RegistryTestView> {
  const registry = await requireRegistry(actor, input.registryId);
  const credential = await findOwn(registry, input.purpose);
  if (!credential) {
    await withClient(registry, null, (client) => client.ping());
    return { check: null, isAnonymous: true };
  }
  const check = await testCredential(registry, credential).catch(namingRealm);
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

/** The credential stored for exactly this purpose, whatever else would stand in for it. */
async function findOwn(registry: RegistryRow, purpose: CredentialPurpose) {
  const all = await listCredentials(registry.teamId, registry.id);
  return all.find((each) => each.purpose === purpose);
}

/** Lets the credential go to one more token service. Owner only: whoever runs that service will see the password. */
export async function allowRealm(
  actor: Actor,
  input: AllowRealm,
): Promise<{ id: string }> {
  requireOwner(actor);
  const registry = await requireRegistry(actor, input.registryId);
  const credential = await findOwn(registry, input.purpose);
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
