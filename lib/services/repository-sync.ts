import 'server-only';
import { and, asc, eq, gte, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { db } from '@/db';
import { manifests, tags } from '@/db/schema';
import type { RegistryClient } from '@/lib/registry/client';
import { findDigest } from '@/lib/registry/client/find-digest';
import type { TagList } from '@/lib/registry/client/list-tags';
import { RegistryError } from '@/lib/registry/errors';
import type { SyncPhase } from '@/lib/registry/inventory';
import { referrerTag } from '@/lib/registry/manifest-facts';
import { markGone, markTagged } from '@/lib/services/manifest-presence';
import { inLanes } from '@/lib/services/lanes';
import {
  markAskedByTag,
  syncReferrers,
  syncReferrerTag,
} from '@/lib/services/referrer-sync';
import { withRegistry } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';
import { inventoryDigest, type Look } from '@/lib/services/sync-digest';
import { observeTag } from '@/lib/services/tags';

const MAX_TAG_PAGES = 200;
/** How many digests without a tag are looked after in one sync, the longest unseen first. */
const MAX_UNTAGGED = 200;
/** How many manifests are read from Docker Hub in one sync: there each counts as a pull, looking at a tag does not. */
const HUB_READS = 20;

export type SyncProgress = {
  phase: SyncPhase;
  done: number;
  total: number;
  added: number;
};

export type SyncRun = {
  signal: AbortSignal;
  /** Tags looked at since then are not asked for again. */
  startedAt: Date;
  tell: (progress: SyncProgress) => Promise<void>;
};

export type SyncOutcome = {
  added: number;
  /** What was left out, in our words. */
  note: string | null;
};

/**
 * Reads a repository: its tags, where they point, every digest that is new with its parts and what refers to it, and
 * what has gone. One request for a tag, none for a digest that is known. Begun again it goes on where it was. Throws
 * RegistryError; an abort throws the signal's reason.
 */
export async function syncRepository(
  repository: RepositoryRow,
  run: SyncRun,
): Promise<SyncOutcome> {
  const { teamId, host, path } = repository;
  const read = async (client: RegistryClient): Promise<SyncOutcome> => {
    const budget = {
      left: host === 'docker.io' ? HUB_READS : Infinity,
      unread: 0,
    };
    const look: Look = {
      client,
      repository,
      signal: run.signal,
      mayRead: () => {
        if (budget.left > 0) budget.left -= 1;
        else budget.unread += 1;
        return budget.unread === 0;
      },
    };
    const progress: SyncProgress = {
      phase: 'tags',
      done: 0,
      total: 0,
      added: 0,
    };
    await run.tell(progress);
    const list = await listTags(client, repository, run.signal);
    await readTags(look, run, list.tags, progress);
    if (list.isComplete) await dropTags(repository, list.tags);
    progress.added += await syncReferrers(look);
    await readUntagged(look, run, progress);
    return { added: progress.added, note: noteOf(list, budget.unread) };
  };
  return withRegistry({ teamId, host, path }, 'stored_pull', read, {
    isUrgent: false,
  });
}

function noteOf({ tags: names, isComplete }: TagList, unread: number) {
  if (!isComplete)
    return `The registry lists more tags than are read here; the first ${names.length.toLocaleString('en')} were.`;
  if (unread === 0) return null;
  const images = unread === 1 ? 'image was' : 'images were';
  return `Docker Hub counts every image that is read as a pull, so ${unread} new ${images} left for the next time.`;
}

/** A repository that is not there, or not there any more, has no tags. */
async function listTags(
  client: RegistryClient,
  { path }: RepositoryRow,
  signal: AbortSignal,
): Promise<TagList> {
  try {
    return await client.listTags(path, signal, MAX_TAG_PAGES);
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'REGISTRY_NOT_FOUND')
      return { tags: [], isComplete: true };
    throw error;
  }
}

async function readTags(
  look: Look,
  run: SyncRun,
  names: readonly string[],
  progress: SyncProgress,
): Promise<void> {
  const { repository } = look;
  const looked = await lookedAtSince(repository.id, run.startedAt);
  const rest = names.filter((name) => !looked.has(name));
  progress.phase = 'digests';
  progress.total = names.length;
  progress.done = names.length - rest.length;
  await run.tell(progress);
  await inLanes(rest, async (name) => {
    run.signal.throwIfAborted();
    progress.added += referrerTag(name)
      ? await syncReferrerTag(look, name)
      : await readTag(look, name);
    progress.done += 1;
    await run.tell(progress);
  });
  await markAskedByTag(repository, names);
  await markTagged(repository, run.startedAt);
}

async function readTag(look: Look, name: string): Promise<number> {
  const { repository } = look;
  const digest = await headDigest(look, name);
  const added =
    digest === null
      ? 0
      : await inventoryDigest(look, { digest, subject: null });
  await db().transaction((tx) => observeTag(tx, repository, name, digest));
  return added;
}

/** Where a tag points, or whether a digest is there: `null` when it is not. */
export async function headDigest(
  { client, repository: { path }, signal }: Look,
  reference: string,
): Promise<string | null> {
  return findDigest({ client, repository: path }, reference, signal);
}

async function lookedAtSince(
  repositoryId: string,
  since: Date,
): Promise<Set<string>> {
  const rows = await db()
    .select({ name: tags.name })
    .from(tags)
    .where(
      and(
        eq(tags.repositoryId, repositoryId),
        gte(tags.checkedAt, since),
        isNotNull(tags.currentDigest),
      ),
    );
  return new Set(rows.map(({ name }) => name));
}

/** Tags that were there and are not listed any more point to nothing now. */
async function dropTags(
  repository: RepositoryRow,
  listed: readonly string[],
): Promise<void> {
  const here = new Set(listed);
  const known = await db()
    .select({ name: tags.name })
    .from(tags)
    .where(
      and(eq(tags.repositoryId, repository.id), isNotNull(tags.currentDigest)),
    );
  for (const { name } of known)
    if (!here.has(name))
      await db().transaction((tx) => observeTag(tx, repository, name, null));
}

/** Looks whether digests that no tag showed are still there. */
async function readUntagged(
  look: Look,
  run: SyncRun,
  progress: SyncProgress,
): Promise<void> {
  const { repository } = look;
  const rows = await db()
    .select({ digest: manifests.digest })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repository.id),
        isNull(manifests.goneAt),
        lt(manifests.lastSeenAt, run.startedAt),
      ),
    )
    .orderBy(asc(manifests.lastSeenAt))
    .limit(MAX_UNTAGGED);
  Object.assign(progress, { phase: 'untagged', done: 0, total: rows.length });
  await inLanes(rows, async ({ digest }) => {
    run.signal.throwIfAborted();
    const isThere = (await headDigest(look, digest)) !== null;
    await db().transaction(async (tx) => {
      if (!isThere) return markGone(tx, repository, digest);
      await tx
        .update(manifests)
        .set({ lastSeenAt: sql`now()` })
        .where(
          and(
            eq(manifests.repositoryId, repository.id),
            eq(manifests.digest, digest),
          ),
        );
    });
    progress.done += 1;
    await run.tell(progress);
  });
}
