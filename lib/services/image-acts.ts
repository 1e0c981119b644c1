import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { tags } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type { RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import type {
  DeleteImage,
  DeleteTag,
  RetagImage,
} from '@/lib/registry/inventory-forms';
import type { ImpactView } from '@/lib/registry/inventory-views';
import { audit } from '@/lib/services/audit';
import { getImpact, tasksOnTag } from '@/lib/services/image-impact';
import { requireImage } from '@/lib/services/image-lookup';
import { markGone } from '@/lib/services/manifest-presence';
import { withRegistry } from '@/lib/services/registry-clients';
import { noteScan } from '@/lib/services/registry-scans';
import type { RepositoryRow } from '@/lib/services/repositories';
import { headDigest } from '@/lib/services/repository-sync';
import { observeTag, requireRepository } from '@/lib/services/tags';

/**
 * Puts an image under one more tag of its repository, its manifest as the bytes it is. Throws NOT_FOUND, TAG_TAKEN when
 * the tag points to another image in the registry now and was not said to move, RegistryError.
 */
export async function retagImage(
  actor: Actor,
  { repositoryId, digest, tag, mayMove }: RetagImage,
): Promise<{ hasMoved: boolean }> {
  const { repository, name } = await requireImage(actor, {
    repositoryId,
    digest,
  });
  const before = await withRegistry(
    repository,
    'stored_push',
    async (client) => {
      // What the registry says counts, not what was seen here some time ago.
      const there = await headDigest({ client, repository }, tag);
      if (there !== null && there !== digest && !mayMove) {
        await db().transaction((tx) => observeTag(tx, repository, tag, there));
        throw new AppError('TAG_TAKEN', `${tag} points to ${there} now.`, {
          fields: {
            tag: `It points to another image (${there.slice(0, 19)}…).`,
          },
        });
      }
      const manifest = await client.getManifest(repository.path, digest);
      await client.putManifest(repository.path, tag, manifest, digest);
      return there;
    },
  );
  return db().transaction(async (tx) => {
    // A move that nobody had seen yet is one of its own.
    if (before !== null) await observeTag(tx, repository, tag, before);
    const moved = await observeTag(tx, repository, tag, digest, {
      isOurs: true,
    });
    await audit(tx, actor, {
      action: 'image.retag',
      subject: `${name}:${tag}`,
      subjectId: repositoryId,
      detail: { digest, from: before ?? '' },
    });
    return moved;
  });
}

/**
 * Deletes one tag; the image it points to stays. Throws NOT_FOUND, IMAGE_IN_USE when tasks follow the tag and no owner
 * typed the repository's name, REGISTRY_UNSUPPORTED where single tags cannot be deleted, RegistryError.
 */
export async function deleteTag(
  actor: Actor,
  { repositoryId, tag, confirmation }: DeleteTag,
): Promise<void> {
  const repository = await requireRepository(actor, repositoryId);
  const name = `${repository.host}/${repository.path}`;
  const [known] = await db()
    .select()
    .from(tags)
    .where(and(eq(tags.repositoryId, repositoryId), eq(tags.name, tag)));
  if (!known) throw new AppError('NOT_FOUND', 'There is no such tag here.');
  const users = await tasksOnTag(actor, repositoryId, tag);
  requireUnused(actor, name, users.length, confirmation);
  await withRegistry(repository, 'stored_push', (client) =>
    remove(client, repository, tag),
  );
  await db().transaction(async (tx) => {
    await observeTag(tx, repository, tag, null, { isOurs: true });
    await audit(tx, actor, {
      action: 'image.delete_tag',
      subject: `${name}:${tag}`,
      subjectId: repositoryId,
      detail: { digest: known.currentDigest ?? '', tasks: users.length },
    });
  });
}

/**
 * Deletes a digest and with it every tag on it; of an index its parts too, if asked, but none that something else
 * needs. Throws NOT_FOUND, IMAGE_IN_USE when tasks run on it and no owner typed the repository's name,
 * IMAGE_PART_OF_INDEX, REGISTRY_UNSUPPORTED, RegistryError. What was deleted before a failure is written down as such.
 */
export async function deleteImage(
  actor: Actor,
  input: DeleteImage,
): Promise<{ deleted: number }> {
  const { repositoryId, digest, withParts, confirmation } = input;
  const { repository, name } = await requireImage(actor, {
    repositoryId,
    digest,
  });
  const impact = await getImpact(actor, { repositoryId, digest });
  requireNoIndex(impact);
  requireUnused(actor, name, impact.tasks.length, confirmation);
  const parts = withParts
    ? impact.parts
        .filter(({ isShared }) => !isShared)
        .map((part) => part.digest)
    : [];
  for (const part of parts)
    await requireUnusedPart(
      actor,
      { repositoryId, digest: part },
      confirmation,
    );
  const gone: string[] = [];
  try {
    await withRegistry(repository, 'stored_push', async (client) => {
      for (const one of [digest, ...parts]) {
        await removeDigest(
          client,
          repository,
          one,
          one === digest ? impact.tags : [],
        );
        gone.push(one);
      }
    });
  } finally {
    if (gone.length > 0) await noteDeleted(actor, repository, impact, gone);
  }
  return { deleted: gone.length };
}

function requireNoIndex({ indexes }: ImpactView): void {
  const [index] = indexes;
  if (!index) return;
  const label = index.tags[0] ?? `${index.digest.slice(0, 19)}…`;
  throw new AppError(
    'IMAGE_PART_OF_INDEX',
    `The index ${label} needs this image for ${index.platform ?? 'one of its parts'}.`,
  );
}

function requireUnused(
  actor: Actor,
  name: string,
  taskCount: number,
  confirmation: string,
): void {
  if (taskCount === 0) return;
  const tasks = taskCount === 1 ? 'One task needs' : `${taskCount} tasks need`;
  if (actor.role !== 'owner')
    throw new AppError('IMAGE_IN_USE', `${tasks} it to start.`);
  if (confirmation.trim() === name) return;
  throw new AppError('IMAGE_IN_USE', `${tasks} it to start.`, {
    fields: { confirmation: `To delete it all the same, type ${name}.` },
  });
}

async function requireUnusedPart(
  actor: Actor,
  key: { repositoryId: string; digest: string },
  confirmation: string,
): Promise<void> {
  const { repository, tasks } = await getImpact(actor, key);
  requireUnused(actor, repository, tasks.length, confirmation);
}

/** Deletes a digest. Google refuses while a tag is on it, so there the tags go first. */
async function removeDigest(
  client: RegistryClient,
  repository: RepositoryRow,
  digest: string,
  names: readonly string[],
): Promise<void> {
  try {
    await remove(client, repository, digest);
  } catch (error) {
    const isDangling =
      error instanceof RegistryError &&
      error.facts.upstreamCode === 'GOOGLE_MANIFEST_DANGLING_TAG';
    if (!isDangling) throw error;
    for (const tag of names) await remove(client, repository, tag);
    await remove(client, repository, digest);
  }
}

/** Deletes a tag or digest, and remembers whether this registry does such a thing. */
async function remove(
  client: RegistryClient,
  { path, registryId }: RepositoryRow,
  reference: string,
): Promise<void> {
  const can = (yes: boolean) =>
    noteScan(
      registryId,
      reference.includes(':') ? { deletesDigests: yes } : { deletesTags: yes },
    );
  try {
    await client.deleteManifest(path, reference);
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'REGISTRY_UNSUPPORTED')
      await can(false);
    throw error;
  }
  await can(true);
}

async function noteDeleted(
  actor: Actor,
  repository: RepositoryRow,
  impact: ImpactView,
  gone: readonly string[],
): Promise<void> {
  await db().transaction(async (tx) => {
    for (const digest of gone) await markGone(tx, repository, digest);
    for (const tag of impact.tags)
      await observeTag(tx, repository, tag, null, { isOurs: true });
    await audit(tx, actor, {
      action: 'image.delete',
      subject: `${impact.repository}@${impact.digest}`,
      subjectId: repository.id,
      detail: {
        digests: gone.length,
        tags: impact.tags.join(', ').slice(0, 500),
        tasks: impact.tasks.length,
      },
    });
  });
}
