import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import { chooseCredential } from '@/lib/registry/credential';
import { KINDS, kindOf } from '@/lib/registry/kinds';
import type { RegistryOffers } from '@/lib/registry/inventory-views';
import { findPlace } from '@/lib/services/registry-clients';
import { readScan } from '@/lib/services/registry-scans';
import type { RepositoryRow } from '@/lib/services/repositories';

/** What the registry of a repository is known to do: by what was tried there, and by what is known of its kind. */
export async function readOffers(
  repository: RepositoryRow,
): Promise<RegistryOffers> {
  const { registryId, host } = repository;
  const [scan, place, kind] = await Promise.all([
    readScan(registryId),
    findPlace(repository),
    readKind(registryId),
  ]);
  return {
    deletesTags: scan?.deletesTags ?? null,
    deletesDigests: scan?.deletesDigests ?? null,
    limits: KINDS[kind ?? kindOf(host)].limits,
    canPush:
      chooseCredential(place.credentials, 'push') !== null ||
      place.policy.allow.length > 0,
  };
}

async function readKind(registryId: string | null) {
  if (registryId === null) return null;
  const [row] = await db()
    .select({ kind: registries.kind })
    .from(registries)
    .where(eq(registries.id, registryId));
  return row?.kind ?? null;
}
