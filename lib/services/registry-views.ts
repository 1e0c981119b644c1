import 'server-only';
import {
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lte,
  or,
  sql,
} from 'drizzle-orm';
import { db } from '@/db';
import {
  builds,
  credentialChecks,
  credentials,
  imageSpecs,
  registries,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { formatPlace } from '@/lib/registry/covering';
import { CREDENTIAL_PURPOSES } from '@/lib/registry/credential';
import { AwsRoleDetails } from '@/lib/registry/cloud-credential';
import { cloudSettingsView } from '@/lib/registry/cloud-settings';
import { WARN_DAYS } from '@/lib/registry/credential-expiry';
import { resultFor } from '@/lib/registry/credential-state';
import type {
  CredentialAttentionView,
  CredentialUseView,
  CredentialView,
  RegistryItemView,
  RegistryView,
} from '@/lib/registry/views';
import { describeCertificates } from '@/lib/services/ca-certificates';
import type { RegistryRow } from '@/lib/services/registry-clients';
import { isWhole } from '@/lib/services/whole-builds';

// Named one by one, so that the sealed secret is never even read for a view.
const credentialColumns = {
  id: credentials.id,
  registryId: credentials.registryId,
  purpose: credentials.purpose,
  method: credentials.method,
  details: credentials.details,
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
    roleArn: AwsRoleDetails.parse(row.details).roleArn ?? null,
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
    cloud: cloudSettingsView(row.registry),
    allowedRanges: row.registry.allowedRanges,
    caCertificates: row.registry.caCertificates,
    certificates: describeCertificates(row.registry.caCertificates),
    workerLabels: row.registry.workerLabels,
    maxBuilds: row.registry.maxBuilds,
    builds: await readBuilds(registryId),
    changes: await readChanges(registryId),
    specs: specs.map((spec) => ({
      ...spec,
      archivedAt: spec.archivedAt?.toISOString() ?? null,
    })),
  };
}

/** The last builds of the specs that push there. The caller has seen to the team. */
async function readBuilds(registryId: string): Promise<RegistryView['builds']> {
  const rows = await db()
    .select({
      id: builds.id,
      number: builds.number,
      specName: imageSpecs.name,
      createdAt: builds.createdAt,
    })
    .from(builds)
    .innerJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .where(and(eq(imageSpecs.registryId, registryId), isWhole))
    .orderBy(desc(builds.id))
    .limit(5);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
  }));
}

async function readChanges(
  registryId: string,
): Promise<RegistryView['changes']> {
  const rows = await db()
    .select({
      id: credentialChecks.id,
      purpose: credentials.purpose,
      isFailing: credentialChecks.isFailing,
      explanation: credentialChecks.explanation,
      at: credentialChecks.at,
    })
    .from(credentialChecks)
    .innerJoin(credentials, eq(credentials.id, credentialChecks.credentialId))
    .where(eq(credentials.registryId, registryId))
    .orderBy(desc(credentialChecks.id))
    .limit(10);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Credentials of live registries that fail their tests or end within two weeks, the worst first. */
export async function listCredentialAttention(
  actor: Actor,
): Promise<CredentialAttentionView[]> {
  const soon = sql`now() + ${WARN_DAYS} * interval '1 day'`;
  const rows = await db()
    .select({
      id: registries.id,
      name: registries.name,
      purpose: credentials.purpose,
      lastCheck: credentials.lastCheck,
      failingSince: credentials.failingSince,
      expiresAt: credentials.expiresAt,
    })
    .from(credentials)
    .innerJoin(registries, eq(registries.id, credentials.registryId))
    .where(
      and(
        eq(credentials.teamId, actor.teamId),
        isNull(registries.archivedAt),
        or(
          isNotNull(credentials.failingSince),
          lte(credentials.expiresAt, soon),
        ),
      ),
    )
    .orderBy(
      sql`${credentials.failingSince} desc nulls last`,
      asc(credentials.expiresAt),
    )
    .limit(20);
  return rows.map(({ id, name, purpose, lastCheck, ...row }) => ({
    registry: { id, name },
    purpose,
    failure:
      row.failingSince && lastCheck
        ? (lastCheck.fault?.message ??
          resultFor(purpose, lastCheck).explanation)
        : null,
    failingSince: row.failingSince?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
  }));
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
