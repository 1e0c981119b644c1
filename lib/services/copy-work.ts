import 'server-only';
import { db } from '@/db';
import { RegistryError } from '@/lib/registry/errors';
import {
  type CopyProgress,
  copyImage,
  type CopyResult,
} from '@/lib/registry/client/copy-image';
import type { CopyRow } from '@/lib/services/image-copies';
import { withRegistry } from '@/lib/services/registry-clients';
import {
  readRepositoryRow,
  type RepositoryRow,
} from '@/lib/services/repositories';
import { addSync } from '@/lib/services/sync-state';
import { inventoryDigest } from '@/lib/services/sync-digest';
import { observeTag } from '@/lib/services/tags';

/**
 * Does a copy: source as who pulls, target as who pushes. Afterwards the inventory holds what is there now, and what
 * refers to it is read soon. Throws RegistryError; an abort throws the signal's reason.
 */
export async function runCopy(
  copy: CopyRow,
  signal: AbortSignal,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopyResult> {
  const [from, to] = [
    await requireRow(copy.fromRepositoryId),
    await requireRow(copy.toRepositoryId),
  ];
  return withRegistry(from, 'stored_pull', (source) =>
    withRegistry(to, 'stored_push', async (destination) => {
      const isSameRegistry = from.host === to.host;
      // A mount needs one login that may read there and write here.
      const reader = isSameRegistry ? destination : source;
      const options = {
        to: { client: destination, repository: to.path },
        isSameRegistry,
        digest: copy.digest,
        tag: copy.tag,
        withReferrers: copy.withReferrers,
        signal,
        onProgress,
      };
      const result = await copyImage({
        ...options,
        from: { client: reader, repository: from.path },
      }).catch((error: unknown) => {
        // Two registries of one host may each have a credential that knows only its own namespace.
        if (!isSameRegistry || !isDenied(error)) throw error;
        return copyImage({
          ...options,
          isSameRegistry: false,
          from: { client: source, repository: from.path },
        });
      });
      const look = { client: destination, repository: to, signal };
      await inventoryDigest(look, { digest: copy.digest, subject: null });
      await noteCopied(to, copy);
      return result;
    }),
  );
}

async function noteCopied(to: RepositoryRow, copy: CopyRow): Promise<void> {
  const { tag, digest, withReferrers } = copy;
  await db().transaction(async (tx) => {
    if (tag !== null) await observeTag(tx, to, tag, digest, { isOurs: true });
    if (withReferrers) await addSync(tx, to, copy.requestedBy);
  });
}

async function requireRow(id: string): Promise<RepositoryRow> {
  const row = await readRepositoryRow(id);
  if (!row) throw new Error('A copy has lost its repository.');
  return row;
}

function isDenied(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'REGISTRY_DENIED';
}
