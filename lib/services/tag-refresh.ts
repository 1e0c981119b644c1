import 'server-only';
import { and, eq, isNotNull } from 'drizzle-orm';
import { db } from '@/db';
import { tags, taskImages } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { RegistryError } from '@/lib/registry/errors';
import type { RepositoryId } from '@/lib/registry/forms';
import { log } from '@/lib/log';
import { withRegistry } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';
import { headDigest } from '@/lib/services/repository-sync';
import { inventoryDigest, type Look } from '@/lib/services/sync-digest';
import { knowTag, observeTag, requireRepository } from '@/lib/services/tags';

/** What a look at the tags of a repository found. */
export type TagRefreshView = {
  looked: number;
  moved: string[];
  gone: string[];
};

/** Looks at every known tag now. Throws RegistryError when the registry cannot be asked at all. */
export async function requestTagRefresh(
  actor: Actor,
  input: RepositoryId,
): Promise<TagRefreshView> {
  return refreshTags(await requireRepository(actor, input.repositoryId));
}

/**
 * Looks at one tag, or at what one digest holds, as `refreshTags` does at all. Throws RegistryError when the registry
 * cannot be asked.
 */
export async function refreshImage(
  repository: RepositoryRow,
  { tag, digest }: { tag: string | null; digest: string | null },
): Promise<void> {
  const found: TagRefreshView = { looked: 1, moved: [], gone: [] };
  await withRegistry(repository, 'stored', async (client) => {
    if (tag !== null) await refreshTag(client, repository, tag, found);
    if (digest !== null) await inventory(client, repository, digest);
  });
}

/** Looks at every tag a build or a task names; moves are written down, and new digests are read into the inventory. */
export async function refreshTags(
  repository: RepositoryRow,
): Promise<TagRefreshView> {
  const names = await knownTags(repository.id);
  const found: TagRefreshView = { looked: names.length, moved: [], gone: [] };
  if (names.length === 0) return found;
  const place = {
    teamId: repository.teamId,
    host: repository.host,
    path: repository.path,
  };
  await withRegistry(place, 'stored_pull', async (client) => {
    for (const name of names)
      await refreshTag({ client, repository }, name, found);
  });
  return found;
}

async function refreshTag(
  look: Look,
  name: string,
  found: TagRefreshView,
): Promise<void> {
  const { repository } = look;
  const digest = await headDigest(look, name);
  if (digest !== null) await inventory(look, digest);
  const { hasMoved } = await db().transaction((tx) =>
    observeTag(tx, repository.id, name, digest),
  );
  if (hasMoved) (digest === null ? found.gone : found.moved).push(name);
}

async function inventory(look: Look, digest: string): Promise<void> {
  try {
    await inventoryDigest(look, { digest, subject: null });
  } catch (error) {
    // Where a tag points is known even when what it points to cannot be read in full.
    if (!(error instanceof RegistryError)) throw error;
    log.info(
      { code: error.code, repository: look.repository.id },
      'a digest could not be inventoried',
    );
  }
}

/** Tags seen before, and tags that tasks name but nobody has looked at yet. */
async function knownTags(repositoryId: string): Promise<string[]> {
  const named = await db()
    .selectDistinct({ name: taskImages.tag })
    .from(taskImages)
    .where(
      and(eq(taskImages.repositoryId, repositoryId), isNotNull(taskImages.tag)),
    );
  await db().transaction(async (tx) => {
    for (const { name } of named)
      if (name !== null) await knowTag(tx, repositoryId, name);
  });
  const rows = await db()
    .select({ name: tags.name })
    .from(tags)
    .where(eq(tags.repositoryId, repositoryId));
  return rows.map(({ name }) => name);
}

/** Whether a task follows a tag of this repository. */
export async function hasFloatingTasks(repositoryId: string): Promise<boolean> {
  const [row] = await db()
    .select({ tag: taskImages.tag })
    .from(taskImages)
    .where(
      and(eq(taskImages.repositoryId, repositoryId), isNotNull(taskImages.tag)),
    )
    .limit(1);
  return row !== undefined;
}
