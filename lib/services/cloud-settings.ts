import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import {
  type CloudEndpoint,
  readCloudSettings,
  type UpdateCloudSettings,
} from '@/lib/registry/cloud-settings';
import { resolveAddresses } from '@/lib/registry/egress';
import { allowanceFor } from '@/lib/registry/egress-policy';
import { RegistryError } from '@/lib/registry/errors';
import { isCloudKind } from '@/lib/registry/kinds';
import { audit } from '@/lib/services/audit';
import { requireRegistry } from '@/lib/services/registries';

type EndpointName = 'endpoint' | 'stsEndpoint';

/**
 * Changes how a cloud's registry gets its logins and repositories. Another endpoint is the owner's to set: signed requests
 * go there, and exactly its addresses are opened. Throws NOT_FOUND, CONFLICT, and at their fields NOT_ALLOWED,
 * REGISTRY_BLOCKED and REGISTRY_UNREACHABLE.
 */
export async function updateCloudSettings(
  actor: Actor,
  input: UpdateCloudSettings,
): Promise<{ id: string }> {
  const registry = await requireRegistry(actor, input.registryId);
  if (!isCloudKind(registry.kind))
    throw new AppError('CONFLICT', 'This registry belongs to no cloud.');
  const before = readCloudSettings(registry.settings);
  const endpoint = await changed(actor, input, before.endpoint, 'endpoint');
  const stsEndpoint = await changed(
    actor,
    input,
    before.stsEndpoint,
    'stsEndpoint',
  );
  const { createsRepositories } = input;
  await db().transaction(async (tx) => {
    await tx
      .update(registries)
      .set({
        settings: {
          ...registry.settings,
          endpoint,
          stsEndpoint,
          createsRepositories,
        },
      })
      .where(eq(registries.id, registry.id));
    await audit(tx, actor, {
      action: 'registry.cloud_settings',
      subject: registry.name,
      subjectId: registry.id,
      detail: {
        endpoint: endpoint?.url ?? '',
        stsEndpoint: stsEndpoint?.url ?? '',
        createsRepositories,
      },
    });
  });
  return { id: registry.id };
}

/** The endpoint as it shall be: what is stored when nothing changes, else what an owner opened now. */
async function changed(
  actor: Actor,
  input: UpdateCloudSettings,
  before: CloudEndpoint | null,
  name: EndpointName,
): Promise<CloudEndpoint | null> {
  const url = input[name];
  if (url === (before?.url ?? null)) return before;
  if (actor.role !== 'owner') {
    throw new AppError('NOT_ALLOWED', 'Only an owner may set an endpoint.', {
      fields: { [name]: 'Ask an owner of the team to set this.' },
    });
  }
  return url === null ? null : openEndpoint(url, name);
}

async function openEndpoint(
  text: string,
  name: EndpointName,
): Promise<CloudEndpoint> {
  const url = new URL(text);
  const isHttp = url.protocol === 'http:';
  const host = `${url.hostname}:${url.port || (isHttp ? '80' : '443')}`;
  const addresses = await resolveAddresses(url.hostname).catch(() => []);
  if (addresses.length === 0) {
    throw new AppError('REGISTRY_UNREACHABLE', `${host} is not known here.`, {
      fields: {
        [name]: 'This name is not known to the server. Check the spelling.',
      },
    });
  }
  try {
    return { url: text, allowance: allowanceFor(host, isHttp, addresses) };
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new AppError(error.code, error.message, {
      fields: { [name]: error.message },
      cause: error,
    });
  }
}
