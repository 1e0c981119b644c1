import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { manifests } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type { RepositoryRow } from '@/lib/services/repositories';
import { requireRepository } from '@/lib/services/tags';

export type ImageKey = { repositoryId: string; digest: string };

export type KnownImage = {
  repository: RepositoryRow;
  /** `host/path`. */
  name: string;
  manifest: typeof manifests.$inferSelect;
};

/** An image of the actor's team. Throws NOT_FOUND. */
export async function requireImage(
  actor: Actor,
  { repositoryId, digest }: ImageKey,
): Promise<KnownImage> {
  const repository = await requireRepository(actor, repositoryId);
  const [manifest] = await db()
    .select()
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        eq(manifests.digest, digest),
      ),
    );
  if (!manifest)
    throw new AppError('NOT_FOUND', 'There is no such image here.');
  return {
    repository,
    name: `${repository.host}/${repository.path}`,
    manifest,
  };
}
