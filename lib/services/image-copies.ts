import 'server-only';
import { and, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import { imageCopies, registries, repositories, users } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { formatPlace } from '@/lib/registry/covering';
import type { CopyProgressView } from '@/lib/registry/inventory';
import type { CopyId, CopyImage } from '@/lib/registry/inventory-forms';
import type { CopyView } from '@/lib/registry/inventory-views';
import { audit } from '@/lib/services/audit';
import { findCredential } from '@/lib/services/credentials';
import { type StoredFailure, toFailureView } from '@/lib/services/failures';
import { requireImage } from '@/lib/services/image-lookup';
import { addJob } from '@/lib/services/jobs';
import { withRegistry } from '@/lib/services/registry-clients';
import {
  ensureRepository,
  type RepositoryRow,
} from '@/lib/services/repositories';
import { headDigest } from '@/lib/services/repository-sync';

export type CopyRow = typeof imageCopies.$inferSelect;

const UNDER_WAY = ['waiting', 'running'] as const;
const target = alias(repositories, 'target');

/**
 * Starts a copy of an image to one of the team's registries and gives its id. Throws NOT_FOUND, INVALID_INPUT when the
 * registry has no credential for pushing, TAG_TAKEN when the tag points to another image there, RegistryError when
 * that registry cannot be asked.
 */
export async function startCopy(
  actor: Actor,
  input: CopyImage,
): Promise<{ copyId: string }> {
  const from = await requireImage(actor, input);
  const registry = await requireTarget(actor, input.registryId);
  const name = `${formatPlace(registry)}/${input.path}`;
  const to = await ensureRepository(db(), actor.teamId, name);
  const tag = input.tag === '' ? null : input.tag;
  if (to.id === from.repository.id && tag === null)
    throw new AppError('INVALID_INPUT', 'The image is there already.', {
      fields: { path: 'Choose another repository, or give it a tag.' },
    });
  if (tag !== null && !input.mayMove) await requireFree(to, tag, input.digest);
  return db().transaction(async (tx) => {
    const [copy] = await tx
      .insert(imageCopies)
      .values({
        teamId: actor.teamId,
        state: 'waiting',
        fromRepositoryId: from.repository.id,
        digest: input.digest,
        toRepositoryId: to.id,
        tag,
        withReferrers: input.withReferrers,
        requestedBy: actor.userId,
      })
      .returning();
    if (!copy) throw new Error('The copy was not stored.');
    await addJob(tx, {
      teamId: actor.teamId,
      kind: 'copy_image',
      key: copy.id,
      payload: { copyId: copy.id },
    });
    await audit(tx, actor, {
      action: 'image.copy',
      subject: `${from.name}@${input.digest}`,
      subjectId: copy.id,
      detail: { to: name, tag: tag ?? '' },
    });
    return { copyId: copy.id };
  });
}

async function requireTarget(actor: Actor, registryId: string) {
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
  if (await findCredential(actor.teamId, registry.id, 'push')) return registry;
  // A registry that takes pushes from anyone is the exception: one on loopback or a private network.
  if (registry.allowedRanges.length > 0) return registry;
  throw new AppError(
    'INVALID_INPUT',
    `${registry.name} has no credential for pushing.`,
    {
      fields: {
        registryId: 'Store a credential for pushing under Registries first.',
      },
    },
  );
}

async function requireFree(
  repository: RepositoryRow,
  tag: string,
  digest: string,
): Promise<void> {
  const there = await withRegistry(repository, 'stored_push', (client) =>
    headDigest({ client, repository }, tag),
  );
  if (there === null || there === digest) return;
  throw new AppError('TAG_TAKEN', `${tag} points to ${there} there.`, {
    fields: {
      tag: `It points to another image there (${there.slice(0, 19)}…).`,
    },
  });
}

/** Asks a copy to stop. Throws NOT_FOUND, COPY_NOT_MOVABLE when it has ended. */
export async function cancelCopy(
  actor: Actor,
  { copyId }: CopyId,
): Promise<void> {
  const copy = await getCopy(actor, copyId);
  const [row] = await db()
    .update(imageCopies)
    .set({ cancelledAt: sql`coalesce(${imageCopies.cancelledAt}, now())` })
    .where(isUnderWay(copyId))
    .returning();
  if (!row)
    throw new AppError(
      'COPY_NOT_MOVABLE',
      `The copy of ${copy.from.repository} has ended.`,
    );
  await audit(db(), actor, {
    action: 'image.copy_cancel',
    subject: `${copy.from.repository}@${copy.digest}`,
    subjectId: copyId,
  });
}

const isUnderWay = (copyId: string) =>
  and(eq(imageCopies.id, copyId), inArray(imageCopies.state, [...UNDER_WAY]));

/** Begins a copy, or takes one up again; null when it has ended or was cancelled before it began. */
export async function beginCopy(copyId: string): Promise<CopyRow | null> {
  const [row] = await db()
    .update(imageCopies)
    .set({
      state: 'running',
      startedAt: sql`coalesce(${imageCopies.startedAt}, now())`,
    })
    .where(isUnderWay(copyId))
    .returning();
  if (!row) return null;
  if (row.cancelledAt === null) return row;
  await endCopy(copyId, { state: 'cancelled' });
  return null;
}

export async function tellCopy(
  copyId: string,
  progress: CopyProgressView,
): Promise<void> {
  await db().update(imageCopies).set({ progress }).where(isUnderWay(copyId));
}

export async function isCopyCancelled(copyId: string): Promise<boolean> {
  const [row] = await db()
    .select({ cancelledAt: imageCopies.cancelledAt })
    .from(imageCopies)
    .where(eq(imageCopies.id, copyId));
  return row?.cancelledAt != null;
}

type End =
  | { state: 'done'; progress: CopyProgressView }
  | { state: 'cancelled' }
  | ({ state: 'failed' } & StoredFailure);

/** Writes down how a copy ended. */
export async function endCopy(copyId: string, end: End): Promise<void> {
  await db()
    .update(imageCopies)
    .set({ ...end, finishedAt: sql`now()` })
    .where(isUnderWay(copyId));
}

/** One copy. Throws NOT_FOUND, for another team's too. */
export async function getCopy(actor: Actor, copyId: string): Promise<CopyView> {
  const [copy] = await selectCopies(
    and(eq(imageCopies.id, copyId), eq(imageCopies.teamId, actor.teamId)),
    1,
  );
  if (!copy) throw new AppError('NOT_FOUND', 'There is no such copy.');
  return copy;
}

/** The last copies from or to a repository, newest first. */
export function listCopiesOf(repositoryId: string): Promise<CopyView[]> {
  return selectCopies(
    or(
      eq(imageCopies.fromRepositoryId, repositoryId),
      eq(imageCopies.toRepositoryId, repositoryId),
    ),
    5,
  );
}

async function selectCopies(
  where: SQL | undefined,
  limit: number,
): Promise<CopyView[]> {
  const rows = await db()
    .select({
      copy: imageCopies,
      from: { host: repositories.host, path: repositories.path },
      to: { host: target.host, path: target.path },
      requestedBy: users.name,
    })
    .from(imageCopies)
    .innerJoin(repositories, eq(repositories.id, imageCopies.fromRepositoryId))
    .innerJoin(target, eq(target.id, imageCopies.toRepositoryId))
    .leftJoin(users, eq(users.id, imageCopies.requestedBy))
    .where(where)
    .orderBy(desc(imageCopies.id))
    .limit(limit);
  return rows.map(({ copy, from, to, requestedBy }) => ({
    id: copy.id,
    state: copy.state,
    from: {
      repositoryId: copy.fromRepositoryId,
      repository: `${from.host}/${from.path}`,
    },
    to: {
      repositoryId: copy.toRepositoryId,
      repository: `${to.host}/${to.path}`,
    },
    digest: copy.digest,
    tag: copy.tag,
    withReferrers: copy.withReferrers,
    progress: copy.progress,
    requestedBy,
    createdAt: copy.createdAt.toISOString(),
    startedAt: copy.startedAt?.toISOString() ?? null,
    finishedAt: copy.finishedAt?.toISOString() ?? null,
    isCancelling:
      copy.cancelledAt !== null &&
      (copy.state === 'waiting' || copy.state === 'running'),
    failure: toFailureView(copy),
  }));
}
