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
  { repositoryId }: RepositoryId,
): Promise<TagRefreshView> {
  const repository = await requireRepository(actor, repositoryId);
  const names = await knownTags(repository.id);
  const found: TagRefreshView = { looked: names.length, moved: [], gone: [] };
  if (names.length === 0) return found;
  await withRegistry(repository, 'stored_pull', async (client) => {
    for (const name of names) {
      const { hasMoved, digest } = await lookAtTag(
        { client, repository },
        name,
      );
      if (hasMoved) (digest === null ? found.gone : found.moved).push(name);
    }
  });
  return found;
}

/**
 * Looks at one tag, or at what one digest holds, as somebody waits for it. Throws RegistryError when the registry
 * cannot be asked.
 */
export async function refreshImage(
  repository: RepositoryRow,
  { tag, digest }: { tag: string | null; digest: string | null },
): Promise<void> {
  await withRegistry(repository, 'stored_pull', async (client) => {
    const look = { client, repository };
    if (tag !== null) await lookAtTag(look, tag);
    if (digest !== null) await inventory(look, digest);
  });
}

/**
 * Looks where a tag points and writes it down; what is new behind it is read into the inventory first, unless only the
 * pointer is wanted. Throws RegistryError when the registry cannot be asked.
 */
export async function lookAtTag(
  look: Look,
  name: string,
  { isPointerOnly = false }: { isPointerOnly?: boolean } = {},
): Promise<{ digest: string | null; hasMoved: boolean }> {
  const digest = await headDigest(look, name);
  if (digest !== null && !isPointerOnly) await inventory(look, digest);
  const { hasMoved } = await db().transaction((tx) =>
    observeTag(tx, look.repository, name, digest),
  );
  return { digest, hasMoved };
}

/**
 * Reads what a digest holds into the inventory, once: the bytes behind a digest never change. Throws RegistryError when
 * it cannot be read.
 */
export async function readDigest(
  repository: RepositoryRow,
  digest: string,
): Promise<void> {
  await withRegistry(repository, 'stored_pull', (client) =>
    inventoryDigest({ client, repository }, { digest, subject: null }),
  );
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
