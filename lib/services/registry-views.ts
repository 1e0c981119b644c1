import 'server-only';
import { and, asc, count, eq, inArray, isNull, sql } from 'drizzle-orm';
import { db } from '@/db';
import { builds, credentials, imageSpecs, registries } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { formatPlace } from '@/lib/registry/covering';
import { CREDENTIAL_PURPOSES } from '@/lib/registry/credential';
import type {
  CredentialUseView,
  CredentialView,
  RegistryItemView,
  RegistryView,
} from '@/lib/registry/views';
import type { RegistryRow } from '@/lib/services/registry-clients';

// Named one by one, so that the sealed secret is never even read for a view.
const credentialColumns = {
  id: credentials.id,
  registryId: credentials.registryId,
  purpose: credentials.purpose,
  method: credentials.method,
  expiresAt: credentials.expiresAt,
  failingSince: credentials.failingSince,
  username: credentials.username,
  createdAt: credentials.createdAt,
  lastUsedAt: credentials.lastUsedAt,
  lastUsedFor: credentials.lastUsedFor,
  buildId: builds.id,
  buildNumber: builds.number,
  specName: imageSpecs.name,
  lastCheck: credentials.lastCheck,
  realmOrigins: credentials.realmOrigins,
};
type CredentialColumns = Awaited<ReturnType<typeof readCredentials>>[number];

const specCount = sql<number>`(select count(*)::int from ${imageSpecs} where ${imageSpecs.registryId} = ${registries.id} and ${imageSpecs.archivedAt} is null)`;

function toCredentialView(row: CredentialColumns): CredentialView {
  const { createdAt, lastUsedAt, lastCheck } = row;
  return {
    id: row.id,
    purpose: row.purpose,
    method: row.method,
    username: row.username,
    realmOrigins: row.realmOrigins,
    lastUse: toUse(row),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    failingSince: row.failingSince?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    lastCheck: lastCheck
      ? {
          at: lastCheck.at,
          pull: lastCheck.pull,
          push: lastCheck.push,
          fault: lastCheck.fault ?? null,
        }
      : null,
  };
}

function toUse(row: CredentialColumns): CredentialUseView | null {
  const { lastUsedFor: kind, buildId: id, buildNumber: number, specName } = row;
  if (kind === null) return null;
  const hasBuild = id !== null && number !== null && specName !== null;
  return { kind, build: hasBuild ? { id, number, specName } : null };
}

/** The credentials of some registries, in the order of their purposes. */
async function readCredentials(actor: Actor, registryIds: string[]) {
  if (registryIds.length === 0) return [];
  const rows = await db()
    .select(credentialColumns)
    .from(credentials)
    .leftJoin(builds, eq(builds.id, credentials.lastBuildId))
    .leftJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .where(
      and(
        eq(credentials.teamId, actor.teamId),
        inArray(credentials.registryId, registryIds),
      ),
    );
  const position = ({ purpose }: (typeof rows)[number]) =>
    CREDENTIAL_PURPOSES.indexOf(purpose);
  return rows.sort((a, b) => position(a) - position(b));
}

function toItem(
  row: RegistryRow,
  stored: CredentialColumns[],
  specs: number,
): RegistryItemView {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    host: row.host,
    namespace: row.namespace,
    prefix: formatPlace(row),
    plainHttp: row.plainHttp,
    isOpened: row.allowedRanges.length > 0,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    credentials: stored
      .filter(({ registryId }) => registryId === row.id)
      .map(toCredentialView),
    specCount: specs,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The team's live registries, by name. */
export async function listRegistries(
  actor: Actor,
): Promise<RegistryItemView[]> {
  const rows = await db()
    .select({ registry: registries, specs: specCount })
    .from(registries)
    .where(
      and(eq(registries.teamId, actor.teamId), isNull(registries.archivedAt)),
    )
    .orderBy(asc(registries.name));
  const ids = rows.map(({ registry }) => registry.id);
  const stored = await readCredentials(actor, ids);
  return rows.map(({ registry, specs }) => toItem(registry, stored, specs));
}

/** One registry, archived ones too. Throws NOT_FOUND. */
export async function getRegistry(
  actor: Actor,
  registryId: string,
): Promise<RegistryView> {
  const [row] = await db()
    .select({ registry: registries, specs: specCount })
    .from(registries)
    .where(
      and(eq(registries.id, registryId), eq(registries.teamId, actor.teamId)),
    );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such registry.');
  const specs = await db()
    .select({
      id: imageSpecs.id,
      name: imageSpecs.name,
      archivedAt: imageSpecs.archivedAt,
    })
    .from(imageSpecs)
    .where(eq(imageSpecs.registryId, registryId))
    .orderBy(asc(imageSpecs.name))
    .limit(100);
  return {
    ...toItem(
      row.registry,
      await readCredentials(actor, [registryId]),
      row.specs,
    ),
    allowedRanges: row.registry.allowedRanges,
    caCertificates: row.registry.caCertificates,
    specs: specs.map((spec) => ({
      ...spec,
      archivedAt: spec.archivedAt?.toISOString() ?? null,
    })),
  };
}

/** How many live registries the team has. */
export async function countRegistries(actor: Actor): Promise<number> {
  const [row] = await db()
    .select({ count: count() })
    .from(registries)
    .where(
      and(eq(registries.teamId, actor.teamId), isNull(registries.archivedAt)),
    );
  return row?.count ?? 0;
}
