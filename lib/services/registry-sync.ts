import 'server-only';
import { and, eq, exists, isNull, notExists, sql } from 'drizzle-orm';
import { db } from '@/db';
import { builds, jobs, registries, repositories } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { isInPlace } from '@/lib/registry/covering';
import type { RegistryId } from '@/lib/registry/forms';
import { NO_FAILURE } from '@/lib/services/failures';
import { addJob, hastenJob } from '@/lib/services/jobs';
import {
  openRegistryRow,
  type RegistryRow,
} from '@/lib/services/registry-clients';
import { noteScan } from '@/lib/services/registry-scans';
import { ensureRepository } from '@/lib/services/repositories';
import { addSync } from '@/lib/services/sync-state';

/** Repositories of one registry that are read by themselves. */
const MAX_REPOSITORIES = 2_000;
/** Between the beginnings of two of them. */
const SPREAD_MS = 2_000;

/** Asks for every repository of a registry to be found and read now. Throws NOT_FOUND. */
export async function requestRegistrySync(
  actor: Actor,
  { registryId }: RegistryId,
): Promise<void> {
  const [registry] = await db()
    .select()
    .from(registries)
    .where(
      and(
        eq(registries.id, registryId),
        eq(registries.teamId, actor.teamId),
        isNull(registries.archivedAt),
      ),
    );
  if (!registry) throw new AppError('NOT_FOUND', 'There is no such registry.');
  // A person who asks wants it tried again, whatever was learned before.
  await noteScan(registry.id, {
    hasReferrersApi: null,
    deletesTags: null,
    deletesDigests: null,
  });
  await hastenJob('sync_registry', registry.id);
  await addRegistrySync(registry);
}

async function addRegistrySync(
  registry: Pick<RegistryRow, 'id' | 'teamId'>,
  delayMs = 0,
): Promise<void> {
  await addJob(db(), {
    teamId: registry.teamId,
    kind: 'sync_registry',
    key: registry.id,
    payload: { registryId: registry.id },
    delayMs,
  });
}

/** Sees to it that every registry has its next sync: one that was just added has none. */
export async function scheduleRegistrySyncs(): Promise<void> {
  const pending = db()
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.kind, 'sync_registry'),
        sql`${jobs.key} = ${registries.id}::text`,
        isNull(jobs.finishedAt),
      ),
    );
  const rows = await db()
    .select({ id: registries.id, teamId: registries.teamId })
    .from(registries)
    .where(and(isNull(registries.archivedAt), notExists(pending)));
  for (const registry of rows) await addRegistrySync(registry, SPREAD_MS);
}

/** A registry by its id, unless it is archived. For background work: it asks for no actor. */
export async function readRegistryRow(id: string): Promise<RegistryRow | null> {
  const [row] = await db()
    .select()
    .from(registries)
    .where(and(eq(registries.id, id), isNull(registries.archivedAt)));
  return row ?? null;
}

/**
 * Finds the repositories of a registry, in its catalog or, where it lists none, among those that specs, builds and
 * tasks name, and asks for each to be read, one after another. Throws RegistryError.
 */
export async function syncRegistry(registry: RegistryRow): Promise<void> {
  const catalog = await openRegistryRow(registry, 'stored_pull', (client) =>
    client.listRepositories(),
  );
  const { teamId, host } = registry;
  const listed = (catalog?.repositories ?? []).filter((path) =>
    isInPlace(registry, { host, path }),
  );
  for (const path of listed.slice(0, MAX_REPOSITORIES))
    await ensureRepository(db(), teamId, `${host}/${path}`);
  const found = await repositoriesOf(registry);
  for (const [position, repository] of found.entries())
    await addSync(db(), repository, null, position * SPREAD_MS);
  await noteScan(registry.id, {
    hasCatalog: catalog !== null,
    repositoryCount: found.length,
    scannedAt: new Date(),
    ...NO_FAILURE,
  });
}

/**
 * Of a registry that stands for all of Docker Hub only what is built here: its public repositories have thousands of
 * tags and are not the team's.
 */
function repositoriesOf(registry: RegistryRow) {
  const isOwn = exists(
    db()
      .select({ id: builds.id })
      .from(builds)
      .where(eq(builds.repositoryId, repositories.id)),
  );
  const isWhole = registry.host === 'docker.io' && registry.namespace === '';
  return db()
    .select({ id: repositories.id, teamId: repositories.teamId })
    .from(repositories)
    .where(
      and(
        eq(repositories.registryId, registry.id),
        isWhole ? isOwn : undefined,
      ),
    )
    .orderBy(repositories.path)
    .limit(MAX_REPOSITORIES);
}
