import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import { IDENTITIES } from '@/lib/registry/access-evidence';
import { openRegistry, type RegistryClient } from '@/lib/registry/client';
import { coveringRegistry } from '@/lib/registry/covering';
import type { CredentialPurpose } from '@/lib/registry/credential';
import type {
  EgressAllowance,
  EgressPolicy,
} from '@/lib/registry/egress-policy';
import {
  type CredentialRow,
  findCredential,
  listCredentials,
  type OpenedCredential,
  withCredential,
} from '@/lib/services/credentials';
import { deniedRanges } from '@/lib/services/denied-ranges';
import { seatOf } from '@/lib/services/polite-clients';
import { withLimits } from '@/lib/services/registry-limits';

export type RegistryRow = typeof registries.$inferSelect;

/** What of a registry says how it is reached. */
type Way = Pick<
  RegistryRow,
  'host' | 'plainHttp' | 'allowedRanges' | 'caCertificates'
>;

/** Where an image lives, as a team sees it. */
export type ImagePlace = { teamId: string; host: string; path: string };

/** Who asks: nobody, or the credential that serves this purpose at the registry that covers the place. */
export type Asker = 'anonymous' | 'stored_pull' | 'stored_push' | 'cluster';

const PURPOSES: Record<Asker, CredentialPurpose | null> = {
  anonymous: null,
  stored_pull: 'pull',
  stored_push: 'push',
  cluster: 'cluster',
};

/** What the owner opened by writing a registry out; `null` when it needs nothing opened. */
export function allowanceOf(
  registry: Pick<Way, 'host' | 'plainHttp' | 'allowedRanges'>,
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
  /** PEM certificates trusted for this registry alone. */
  ca?: string;
  /** Without their secrets. */
  credentials: CredentialRow[];
};

/** How a place may be asked: its scheme, what is open and trusted for it, and every credential kept for it. */
export async function findPlace(place: ImagePlace): Promise<RegistryPlace> {
  const registry = await findCovering(place);
  return {
    ...wayTo(registry ?? publicWay(place.host)),
    credentials: registry
      ? await listCredentials(place.teamId, registry.id)
      : [],
  };
}

async function findCovering(
  place: ImagePlace,
): Promise<RegistryRow | undefined> {
  return coveringRegistry(
    await listRegistriesOn(place.teamId, place.host),
    place.path,
  );
}

async function findFor(
  registry: Pick<RegistryRow, 'id' | 'teamId'>,
  asker: Asker,
) {
  const purpose = PURPOSES[asker];
  return purpose && findCredential(registry.teamId, registry.id, purpose);
}

const publicWay = (host: string): Way => ({
  host,
  plainHttp: false,
  allowedRanges: [],
  caCertificates: null,
});

function wayTo(registry: Way): Omit<RegistryPlace, 'credentials'> {
  const allowance = allowanceOf(registry);
  return {
    plainHttp: registry.plainHttp,
    policy: { allow: allowance ? [allowance] : [], deny: deniedRanges() },
    ...(registry.caCertificates === null
      ? {}
      : { ca: registry.caCertificates }),
  };
}

/** Whether somebody waits for the answer; background work keeps off a quota that is nearly spent. */
export type Haste = { isUrgent: boolean };

/** A client for one registry as exactly this credential, or as nobody, for the length of one call. */
export async function withClient<T>(
  registry: Way & Pick<RegistryRow, 'teamId'>,
  credential: OpenedCredential | null,
  spend: (client: RegistryClient) => Promise<T>,
  { isUrgent }: Haste = { isUrgent: true },
): Promise<T> {
  const { host, teamId, plainHttp } = registry;
  const asker = credential?.id ?? 'anonymous';
  const identity = credential ? IDENTITIES[credential.purpose] : 'anonymous';
  const asked = { teamId, host, plainHttp, identity, asker };
  return withLimits(asked, async (note) => {
    const client = openRegistry({
      registry: host,
      ...wayTo(registry),
      seat: seatOf(teamId, asker, isUrgent),
      onExchange: note,
      ...(credential ? { credential: toCredential(credential) } : {}),
    });
    try {
      return await spend(client);
    } finally {
      await client.close();
    }
  });
}

/** What the registry client takes of an opened credential. */
export function toCredential({
  method,
  username,
  password,
  realmOrigins,
}: OpenedCredential) {
  return { method, username, password, boundRealms: realmOrigins };
}

/** Opens a client for one registry row, as who asks, for the length of one call. */
export async function openRegistryRow<T>(
  registry: Way & Pick<RegistryRow, 'id' | 'teamId'>,
  asker: Asker,
  spend: (client: RegistryClient) => Promise<T>,
  haste?: Haste,
): Promise<T> {
  const credential = await findFor(registry, asker);
  if (!credential) return withClient(registry, null, spend, haste);
  return withCredential(
    registry.teamId,
    credential.id,
    { kind: 'look' },
    (opened) => withClient(registry, opened, spend, haste),
  );
}

/**
 * Opens a client for a place, for the length of one call. Only this place's own registry opens anything. Who asks is
 * nobody where no credential is kept for them.
 */
export async function withRegistry<T>(
  place: ImagePlace,
  asker: Asker,
  spend: (client: RegistryClient) => Promise<T>,
  haste?: Haste,
): Promise<T> {
  const registry = await findCovering(place);
  return registry
    ? openRegistryRow(registry, asker, spend, haste)
    : withClient(
        { ...publicWay(place.host), teamId: place.teamId },
        null,
        spend,
        haste,
      );
}
