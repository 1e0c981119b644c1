import 'server-only';
import { and, asc, count, eq, isNull, sql } from 'drizzle-orm';
import { db } from '@/db';
import { credentials, imageSpecs, registries } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { formatPlace } from '@/lib/registry/covering';
import type {
  CredentialView,
  RegistryItemView,
  RegistryView,
} from '@/lib/registry/views';
import type { RegistryRow } from '@/lib/services/registry-clients';

// Named one by one, so that the sealed secret is never even read for a view.
const credentialColumns = {
  id: credentials.id,
  username: credentials.username,
  createdAt: credentials.createdAt,
  lastUsedAt: credentials.lastUsedAt,
  lastCheck: credentials.lastCheck,
  realmOrigins: credentials.realmOrigins,
};
type CredentialColumns = Pick<
  typeof credentials.$inferSelect,
  keyof typeof credentialColumns
>;

const specCount = sql<number>`(select count(*)::int from ${imageSpecs} where ${imageSpecs.registryId} = ${registries.id} and ${imageSpecs.archivedAt} is null)`;

function toCredentialView(
  row: CredentialColumns | null,
): CredentialView | null {
  if (!row) return null;
  const { createdAt, lastUsedAt, lastCheck, ...rest } = row;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    lastCheck: lastCheck
      ? { at: lastCheck.at, pull: lastCheck.pull, push: lastCheck.push }
      : null,
  };
}

function toItem(
  row: RegistryRow,
  credential: CredentialColumns | null,
  specs: number,
): RegistryItemView {
  return {
    id: row.id,
    name: row.name,
    host: row.host,
    namespace: row.namespace,
    prefix: formatPlace(row),
    plainHttp: row.plainHttp,
    isOpened: row.allowedRanges.length > 0,
    archivedAt: row.archivedAt?.toISOString() ?? null,
    credential: toCredentialView(credential),
    specCount: specs,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The team's live registries, by name. */
export async function listRegistries(
  actor: Actor,
): Promise<RegistryItemView[]> {
  const rows = await db()
    .select({
      registry: registries,
      credential: credentialColumns,
      specs: specCount,
    })
    .from(registries)
    .leftJoin(
      credentials,
      and(
        eq(credentials.registryId, registries.id),
        eq(credentials.purpose, 'push'),
      ),
    )
    .where(
      and(eq(registries.teamId, actor.teamId), isNull(registries.archivedAt)),
    )
    .orderBy(asc(registries.name));
  return rows.map(({ registry, credential, specs }) =>
    toItem(registry, credential, specs),
  );
}

/** One registry, archived ones too. Throws NOT_FOUND. */
export async function getRegistry(
  actor: Actor,
  registryId: string,
): Promise<RegistryView> {
  const [row] = await db()
    .select({
      registry: registries,
      credential: credentialColumns,
      specs: specCount,
    })
    .from(registries)
    .leftJoin(
      credentials,
      and(
        eq(credentials.registryId, registries.id),
        eq(credentials.purpose, 'push'),
      ),
    )
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
    ...toItem(row.registry, row.credential, row.specs),
    allowedRanges: row.registry.allowedRanges,
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
