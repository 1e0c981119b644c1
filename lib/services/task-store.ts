import 'server-only';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { v7 } from 'uuid';
import type { Transaction } from '@/db';
import {
  specRevisions,
  tags,
  taskImages,
  tasks,
  taskVersions,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type {
  ImportPlan,
  PlannedImage,
  PlannedTask,
} from '@/lib/imagespec/import-plan';
import type { Repository } from '@/lib/registry/covering';
import { ensureRepository } from '@/lib/services/repositories';
import { knowTag } from '@/lib/services/tags';

/** Flyte's name for the one container of an ordinary task. */
const CONTAINER = 'primary';
const MAX_REFERENCE = 1024;
/** PostgreSQL takes at most 65,535 values in one statement. */
const BATCH = 1_000;

type ImageRow = Omit<typeof taskImages.$inferInsert, 'taskVersionId'>;
type Source = { version: string; fileName: string };
type Counts = { added: number; changed: number; unchanged: number };

/**
 * Saves each task's version with its image into the project. A task whose newest version already says the same gets none. Tags nobody
 * looked at yet are for the sweep.
 */
export async function storeTasks(
  tx: Transaction,
  actor: Actor,
  projectId: string,
  plan: ImportPlan,
  source: Source,
): Promise<Counts> {
  const counts: Counts = { added: 0, changed: 0, unchanged: 0 };
  // Of two functions of one name Python keeps the later.
  const byName = new Map(plan.tasks.map((task) => [task.name, task]));
  const images = await toImageRows(tx, actor, plan, [...byName.values()]);
  for (const batch of batches([...byName.values()])) {
    const ids = await ensureTasks(tx, actor, projectId, batch);
    const newest = await readNewest(tx, [...ids.values()]);
    const versions: (typeof taskVersions.$inferInsert)[] = [];
    const rows: (typeof taskImages.$inferInsert)[] = [];
    for (const task of batch) {
      const taskId = ids.get(task.name);
      const image = images.get(task);
      if (!taskId || !image) throw new Error('A task was not stored.');
      const known = newest.get(taskId);
      if (known?.version === source.version && isSame(known.image, image)) {
        counts.unchanged += 1;
        await importAgain(tx, known, image);
        continue;
      }
      counts[known ? 'changed' : 'added'] += 1;
      const id = v7();
      const { line } = task;
      versions.push({
        ...source,
        id,
        taskId,
        line,
        origin: 'python',
        importedBy: actor.userId,
      });
      rows.push({ ...image, taskVersionId: id });
    }
    if (versions.length > 0) {
      await tx.insert(taskVersions).values(versions);
      await tx.insert(taskImages).values(rows);
    }
  }
  return counts;
}

async function ensureTasks(
  tx: Transaction,
  actor: Actor,
  projectId: string,
  batch: readonly PlannedTask[],
): Promise<Map<string, string>> {
  const { teamId } = actor;
  const names = batch.map(({ name }) => name);
  await tx
    .insert(tasks)
    .values(names.map((name) => ({ teamId, projectId, name })))
    .onConflictDoNothing();
  const rows = await tx
    .select({ id: tasks.id, name: tasks.name })
    .from(tasks)
    .where(and(eq(tasks.projectId, projectId), inArray(tasks.name, names)));
  return new Map(rows.map(({ id, name }) => [name, id]));
}

type Newest = { id: string; version: string; image: ImageRow | null };

async function readNewest(
  tx: Transaction,
  taskIds: readonly string[],
): Promise<Map<string, Newest>> {
  const rows = await tx
    .selectDistinctOn([taskVersions.taskId], {
      id: taskVersions.id,
      taskId: taskVersions.taskId,
      version: taskVersions.version,
      image: taskImages,
    })
    .from(taskVersions)
    .leftJoin(taskImages, eq(taskImages.taskVersionId, taskVersions.id))
    .where(inArray(taskVersions.taskId, [...taskIds]))
    .orderBy(taskVersions.taskId, desc(taskVersions.id));
  return new Map(rows.map((row) => [row.taskId, row]));
}

function isSame(known: ImageRow | null, image: ImageRow): boolean {
  return (
    known !== null &&
    known.known === image.known &&
    (known.known === 'default' || isSamePlace(known, image))
  );
}

function isSamePlace(known: ImageRow, image: ImageRow): boolean {
  return (
    known.reference === image.reference &&
    known.repositoryId === image.repositoryId &&
    known.tag === image.tag &&
    known.digest === image.digest
  );
}

/**
 * The version stays, and now knows a revision whose spec was saved after it, and stands on what its tag points to now: an
 * import is when somebody says so.
 */
async function importAgain(
  tx: Transaction,
  known: Newest,
  image: ImageRow,
): Promise<void> {
  const revisionId = image.revisionId ?? known.image?.revisionId ?? null;
  const digestAtImport =
    image.digestAtImport ?? known.image?.digestAtImport ?? null;
  if (
    revisionId === known.image?.revisionId &&
    digestAtImport === known.image.digestAtImport
  )
    return;
  await tx
    .update(taskImages)
    .set({ revisionId, digestAtImport })
    .where(eq(taskImages.taskVersionId, known.id));
}

async function toImageRows(
  tx: Transaction,
  actor: Actor,
  plan: ImportPlan,
  wanted: readonly PlannedTask[],
): Promise<Map<PlannedTask, ImageRow>> {
  const places = new Map<string, string>();
  const digests = new Map<string, string | null>();
  const revisions = new Map<string, string | null>();
  const out = new Map<PlannedTask, ImageRow>();
  for (const task of wanted) {
    const { image } = task;
    if (image.known === 'default' || image.known === 'unresolved') {
      out.set(task, unbound(image));
      continue;
    }
    const { repository, tag } = image;
    const repositoryId =
      repository && (await placeId(tx, actor, repository, places));
    const digest = image.known === 'reference' ? image.digest : null;
    const isFloating = repositoryId !== null && tag !== null;
    out.set(task, {
      container: CONTAINER,
      reference: toText(image.reference),
      known: image.known,
      repositoryId,
      tag: repositoryId === null ? null : tag,
      digest,
      digestAtImport: isFloating
        ? await tagNow(tx, repositoryId, tag, digests)
        : digest,
      revisionId:
        image.known === 'spec'
          ? await revisionOf(tx, actor, plan, image.index, revisions)
          : null,
    });
  }
  return out;
}

function unbound(
  image: Extract<PlannedImage, { known: 'default' | 'unresolved' }>,
): ImageRow {
  return {
    container: CONTAINER,
    reference: image.known === 'default' ? '' : toText(image.reference),
    known: image.known,
    repositoryId: null,
    tag: null,
    digest: null,
    digestAtImport: null,
    revisionId: null,
  };
}

async function placeId(
  tx: Transaction,
  actor: Actor,
  { host, path }: Repository,
  places: Map<string, string>,
): Promise<string> {
  const name = `${host}/${path}`;
  const known = places.get(name);
  if (known) return known;
  const { id } = await ensureRepository(tx, actor.teamId, name);
  places.set(name, id);
  return id;
}

/** What a tag points to, as last seen. */
async function tagNow(
  tx: Transaction,
  repositoryId: string,
  name: string,
  digests: Map<string, string | null>,
): Promise<string | null> {
  const key = `${repositoryId}:${name}`;
  const known = digests.get(key);
  if (known !== undefined) return known;
  await knowTag(tx, repositoryId, name);
  const [row] = await tx
    .select({ digest: tags.currentDigest })
    .from(tags)
    .where(and(eq(tags.repositoryId, repositoryId), eq(tags.name, name)));
  const digest = row?.digest ?? null;
  digests.set(key, digest);
  return digest;
}

/** The newest revision of the team that gives this image, saved now or before. */
async function revisionOf(
  tx: Transaction,
  actor: Actor,
  plan: ImportPlan,
  index: number,
  revisions: Map<string, string | null>,
): Promise<string | null> {
  const ready = plan.specs[index]?.ready;
  if (!ready) return null;
  const key = `${ready.imageName}:${ready.tag}`;
  const known = revisions.get(key);
  if (known !== undefined) return known;
  const [row] = await tx
    .select({ id: specRevisions.id })
    .from(specRevisions)
    .where(
      and(
        eq(specRevisions.teamId, actor.teamId),
        eq(specRevisions.imageName, ready.imageName),
        eq(specRevisions.tag, ready.tag),
      ),
    )
    .orderBy(desc(specRevisions.id))
    .limit(1);
  revisions.set(key, row?.id ?? null);
  return row?.id ?? null;
}

/** PostgreSQL stores no null characters, and nobody reads the others. */
function toText(reference: string): string {
  return reference.replace(/\p{Cc}/gu, ' ').slice(0, MAX_REFERENCE);
}

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}
