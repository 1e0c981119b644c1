import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import type {
  EgressAllowance,
  EgressPolicy,
} from '@/lib/registry/egress-policy';
import { findCredential, withCredential } from '@/lib/services/credentials';
import { coveringRegistry } from '@/lib/services/repositories';

export type RegistryRow = typeof registries.$inferSelect;

/** Where an image lives, as a team sees it. */
export type ImagePlace = { teamId: string; host: string; path: string };

/** Who asks: nobody, or the credential stored for the registry that covers the place. */
export type Asker = 'anonymous' | 'stored';

/** What the owner opened by writing a registry out; `null` when it needs nothing opened. */
export function allowanceOf(
  registry: Pick<RegistryRow, 'host' | 'plainHttp' | 'allowedRanges'>,
): EgressAllowance | null {
  if (registry.allowedRanges.length === 0) return null;
  const scheme = registry.plainHttp ? 'http' : 'https';
  const url = new URL(`${scheme}://${registry.host}/`);
  const port = Number(url.port) || (registry.plainHttp ? 80 : 443);
  return { host: url.hostname, port, scheme, cidrs: registry.allowedRanges };
}

/** The team's live registries on a host. */
export function listRegistriesOn(
  teamId: string,
  host: string,
): Promise<RegistryRow[]> {
  return db()
    .select()
    .from(registries)
    .where(
      and(
        eq(registries.teamId, teamId),
        eq(registries.host, host),
        isNull(registries.archivedAt),
      ),
    );
}

/** Whether a stored credential covers the place. */
export async function hasCredential(place: ImagePlace): Promise<boolean> {
  const registry = coveringRegistry(
    await listRegistriesOn(place.teamId, place.host),
    place.path,
  );
  return (
    registry !== undefined &&
    (await findCredential(place.teamId, registry.id)) !== null
  );
}

/**
 * Opens a client for a place, for the length of one call. Only this place's own allowance opens anything. `stored`
 * falls back to nobody where no credential is kept.
 */
export async function withRegistry<T>(
  place: ImagePlace,
  asker: Asker,
  spend: (client: RegistryClient) => Promise<T>,
): Promise<T> {
  const registry = coveringRegistry(
    await listRegistriesOn(place.teamId, place.host),
    place.path,
  );
  const allowance = registry ? allowanceOf(registry) : null;
  const options = {
    registry: place.host,
    plainHttp: registry?.plainHttp ?? false,
    policy: { allow: allowance ? [allowance] : [] } satisfies EgressPolicy,
  };
  const credential =
    registry && asker === 'stored'
      ? await findCredential(place.teamId, registry.id)
      : null;
  if (!credential) return closing(openRegistry(options), spend);
  return withCredential(
    place.teamId,
    credential.id,
    'registry_request',
    ({ username, password, realmOrigins }) =>
      closing(
        openRegistry({
          ...options,
          credential: { username, password, boundRealms: realmOrigins },
        }),
        spend,
      ),
  );
}

async function closing<T>(
  client: RegistryClient,
  spend: (client: RegistryClient) => Promise<T>,
): Promise<T> {
  try {
    return await spend(client);
  } finally {
    await client.close();
  }
}
