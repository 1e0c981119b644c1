import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import type {
  EgressAllowance,
  EgressPolicy,
} from '@/lib/registry/egress-policy';
import {
  findCredential,
  type OpenedCredential,
  withCredential,
} from '@/lib/services/credentials';
import { coveringRegistry } from '@/lib/registry/covering';

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

export type RegistryPlace = {
  plainHttp: boolean;
  policy: EgressPolicy;
  credentialId: string | null;
};

/** How a place may be asked: its scheme, what is open for it, and the credential kept for it. */
export async function findPlace(place: ImagePlace): Promise<RegistryPlace> {
  const registry = coveringRegistry(
    await listRegistriesOn(place.teamId, place.host),
    place.path,
  );
  const allowance = registry ? allowanceOf(registry) : null;
  const credential = registry
    ? await findCredential(place.teamId, registry.id)
    : null;
  return {
    plainHttp: registry?.plainHttp ?? false,
    policy: { allow: allowance ? [allowance] : [] },
    credentialId: credential?.id ?? null,
  };
}

/** Opens a client for one registry row, anonymous without a credential, for the length of one call. */
export async function openRegistryRow<T>(
  registry: Pick<RegistryRow, 'host' | 'plainHttp' | 'allowedRanges'>,
  credential: OpenedCredential | undefined,
  spend: (client: RegistryClient) => Promise<T>,
): Promise<T> {
  const allowance = allowanceOf(registry);
  const client = openRegistry({
    registry: registry.host,
    plainHttp: registry.plainHttp,
    policy: { allow: allowance ? [allowance] : [] },
    ...(credential ? { credential: toCredential(credential) } : {}),
  });
  try {
    return await spend(client);
  } finally {
    await client.close();
  }
}

const toCredential = ({
  username,
  password,
  realmOrigins,
}: OpenedCredential) => ({
  username,
  password,
  boundRealms: realmOrigins,
});

/**
 * Opens a client for a place, for the length of one call. Only this place's own allowance opens anything. `stored`
 * falls back to nobody where no credential is kept.
 */
export async function withRegistry<T>(
  place: ImagePlace,
  asker: Asker,
  spend: (client: RegistryClient) => Promise<T>,
): Promise<T> {
  const covering = coveringRegistry(
    await listRegistriesOn(place.teamId, place.host),
    place.path,
  );
  const registry = covering ?? {
    host: place.host,
    plainHttp: false,
    allowedRanges: [],
  };
  const credential =
    covering && asker === 'stored'
      ? await findCredential(place.teamId, covering.id)
      : null;
  if (!credential) return openRegistryRow(registry, undefined, spend);
  return withCredential(
    place.teamId,
    credential.id,
    'registry_request',
    (opened) => openRegistryRow(registry, opened, spend),
  );
}
