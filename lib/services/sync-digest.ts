import 'server-only';
import { and, eq, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { indexChildren, manifests } from '@/db/schema';
import { log } from '@/lib/log';
import type { RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import {
  type Inventory,
  readAnyInventory,
  storeInventory,
} from '@/lib/services/manifests';
import type { RepositoryRow } from '@/lib/services/repositories';

const MAX_DEPTH = 3;

/** A look into one repository. */
export type Look = {
  client: RegistryClient;
  repository: RepositoryRow;
  signal?: AbortSignal | undefined;
  /** Asked before a manifest is read; false leaves it for another time. */
  mayRead?: () => boolean;
};

type Wanted = { digest: string; subject: string | null };

/**
 * Reads a digest and all of its parts into the inventory and gives how many were new. What is known is not asked for
 * again; a part that an earlier look missed is. What is no manifest is left out. Throws RegistryError when the
 * registry cannot or may not be asked.
 */
export async function inventoryDigest(
  look: Look,
  wanted: Wanted,
  depth = 0,
): Promise<number> {
  const { repository } = look;
  if (await isKnown(repository.id, wanted.digest)) {
    let added = 0;
    for (const part of await missingParts(repository.id, wanted.digest))
      added += await readParts(look, [part], depth);
    return added;
  }
  const read = await readOne(look, wanted.digest, depth);
  if (!read) return 0;
  await db().transaction((tx) =>
    storeInventory(tx, repository, read, wanted.subject),
  );
  const { manifest } = read.fetched;
  if (manifest.kind !== 'index' || depth >= MAX_DEPTH) return 1;
  const parts = [...manifest.children, ...manifest.extras];
  return (
    1 +
    (await readParts(
      look,
      parts.map(({ digest, attests }) => ({ digest, subject: attests })),
      depth,
    ))
  );
}

async function readParts(
  look: Look,
  parts: readonly Wanted[],
  depth: number,
): Promise<number> {
  let added = 0;
  for (const part of parts)
    added += await inventoryDigest(look, part, depth + 1);
  return added;
}

async function readOne(
  { client, repository, signal, mayRead }: Look,
  digest: string,
  depth: number,
): Promise<Inventory | null> {
  if (mayRead && !mayRead()) return null;
  try {
    return await readAnyInventory(client, repository.path, digest, signal);
  } catch (error) {
    // A part that is lost, or something that is no manifest, says nothing about the rest.
    const isOwnFault =
      error instanceof RegistryError &&
      (error.code === 'REGISTRY_INVALID_ANSWER' ||
        error.code === 'REGISTRY_NOT_FOUND');
    if (!isOwnFault) throw error;
    log.info(
      { code: error.code, repository: repository.id, digest, depth },
      'a digest could not be read into the inventory',
    );
    return null;
  }
}

async function isKnown(repositoryId: string, digest: string): Promise<boolean> {
  const [known] = await db()
    .select({ digest: manifests.digest })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        eq(manifests.digest, digest),
      ),
    );
  return known !== undefined;
}

async function missingParts(
  repositoryId: string,
  indexDigest: string,
): Promise<Wanted[]> {
  const rows = await db()
    .select({ digest: indexChildren.childDigest })
    .from(indexChildren)
    .leftJoin(
      manifests,
      and(
        eq(manifests.repositoryId, indexChildren.repositoryId),
        eq(manifests.digest, indexChildren.childDigest),
      ),
    )
    .where(
      and(
        eq(indexChildren.repositoryId, repositoryId),
        eq(indexChildren.indexDigest, indexDigest),
        isNull(manifests.digest),
      ),
    );
  return rows.map(({ digest }) => ({ digest, subject: null }));
}
