import 'server-only';
import { and, asc, count, desc, eq, inArray, or, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import {
  builds,
  repositories,
  specRevisions,
  tagMoves,
  tags,
  taskImages,
  tasks,
  taskVersions,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { TaskCursor, TaskFilter } from '@/lib/build/task-search';
import type {
  TagMoveView,
  TaskItemView,
  TaskView,
} from '@/lib/build/task-views';
import { AppError } from '@/lib/errors';
import {
  isCurrentVersion,
  selectTaskImages,
  toTaskItems,
  toVersions,
} from '@/lib/services/task-images';
import { wholeId } from '@/lib/services/whole-builds';

const HISTORY = 50;

/** The query that finds the tasks of one page, for `listTasks` and for the test that reads its plan. */
export function taskPage(
  actor: Actor,
  { projectId, after }: TaskFilter,
  limit: number,
) {
  return db()
    .select({ id: tasks.id, name: tasks.name })
    .from(tasks)
    .where(
      and(
        eq(tasks.teamId, actor.teamId),
        projectId === undefined ? undefined : eq(tasks.projectId, projectId),
        after === undefined
          ? undefined
          : sql`(${tasks.name}, ${tasks.id}) > (${after.name}, ${after.id})`,
      ),
    )
    .orderBy(asc(tasks.name), asc(tasks.id))
    .limit(limit);
}

/** Tasks of the team, or of one project, by name, from the one after `after`, each in its current version with its images. */
export async function listTasks(
  actor: Actor,
  { limit = 50, ...filter }: TaskFilter & { limit?: number } = {},
): Promise<{ items: TaskItemView[]; next: TaskCursor | null }> {
  const page = await taskPage(actor, filter, limit + 1);
  const wanted = page.slice(0, limit);
  if (wanted.length === 0) return { items: [], next: null };
  const rows = await imagesOfTasks(wanted.map(({ id }) => id));
  return {
    items: toTaskItems(rows),
    next: page.length > limit ? (wanted.at(-1) ?? null) : null,
  };
}

/** The query that reads what tasks run on now, for `listTasks` and for the test that reads its plan. */
export function imagesOfTasks(taskIds: readonly string[]) {
  return selectTaskImages(
    and(inArray(tasks.id, [...taskIds]), isCurrentVersion),
    [asc(tasks.name), asc(tasks.id), asc(taskImages.container)],
  );
}

/** A task with its versions and the moves of the tags it floats on. Throws NOT_FOUND, for another team's too. */
export async function getTask(actor: Actor, taskId: string): Promise<TaskView> {
  const rows = await selectTaskImages(
    and(
      eq(tasks.id, taskId),
      eq(tasks.teamId, actor.teamId),
      inArray(
        taskVersions.id,
        db()
          .select({ id: taskVersions.id })
          .from(taskVersions)
          .where(eq(taskVersions.taskId, taskId))
          .orderBy(desc(taskVersions.id))
          .limit(HISTORY),
      ),
    ),
    [desc(taskVersions.id), asc(taskImages.container)],
  );
  const [first] = rows;
  const versions = toVersions(rows);
  const [version] = versions;
  if (!first || !version)
    throw new AppError('NOT_FOUND', 'There is no such task.');
  return {
    ...first.task,
    project: first.project,
    version,
    versions,
    moves: await listMoves(version.images),
  };
}

async function listMoves(
  images: TaskItemView['version']['images'],
): Promise<TagMoveView[]> {
  const places = images.flatMap(({ repository, tag }) =>
    repository && tag !== null
      ? [and(eq(tagMoves.repositoryId, repository.id), eq(tagMoves.tag, tag))]
      : [],
  );
  if (places.length === 0) return [];
  const maker = db()
    .select({ id: wholeId.as('whole_id'), number: builds.number })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, tagMoves.repositoryId),
        eq(builds.digest, tagMoves.toDigest),
        eq(builds.state, 'published'),
      ),
    )
    .orderBy(asc(builds.id))
    .limit(1)
    .as('maker');
  const rows = await db()
    .select({
      move: tagMoves,
      repository: repositories,
      build: { id: maker.id, number: maker.number },
    })
    .from(tagMoves)
    .innerJoin(repositories, eq(repositories.id, tagMoves.repositoryId))
    .leftJoinLateral(maker, sql`true`)
    .where(or(...places))
    .orderBy(desc(tagMoves.id))
    .limit(HISTORY);
  return rows.map(({ move, repository, build }) => ({
    id: move.id,
    repository: {
      id: repository.id,
      name: `${repository.host}/${repository.path}`,
    },
    tag: move.tag,
    from: move.fromDigest,
    to: move.toDigest,
    seenAt: move.seenAt.toISOString(),
    build,
  }));
}

/** The two index reads behind `tasksOfDigest`, for the test that reads their plans. */
export function digestUses(
  actor: Actor,
  { repositoryId, digest }: { repositoryId: string; digest: string },
) {
  const ofTeam = eq(tasks.teamId, actor.teamId);
  return {
    pinned: selectTaskImages(
      and(
        eq(taskImages.repositoryId, repositoryId),
        eq(taskImages.digest, digest),
        ofTeam,
        isCurrentVersion,
      ),
    ),
    floating: selectTaskImages(
      and(
        eq(tags.repositoryId, repositoryId),
        eq(tags.currentDigest, digest),
        ofTeam,
        isCurrentVersion,
      ),
    ),
  };
}

/**
 * The tasks whose current version runs on an image: those pinned to the digest and those that float on a tag pointing
 * to it now, by name, at most 1,000 of each. Another team's repository has none.
 */
export async function tasksOfDigest(
  actor: Actor,
  image: { repositoryId: string; digest: string },
): Promise<TaskItemView[]> {
  const { pinned, floating } = digestUses(actor, image);
  const rows = [...(await pinned), ...(await floating)];
  rows.sort((a, b) => (a.task.name < b.task.name ? -1 : 1));
  return toTaskItems(rows);
}

/** Task versions with an image of the spec: bound to it in the source, or by a tag or digest that it built. */
function versionsOfSpec(actor: Actor, specId: string) {
  const id = { id: taskImages.taskVersionId };
  const built = and(
    eq(builds.specId, specId),
    eq(builds.teamId, actor.teamId),
    eq(builds.state, 'published'),
  );
  const byRevision = db()
    .select(id)
    .from(taskImages)
    .innerJoin(specRevisions, eq(specRevisions.id, taskImages.revisionId))
    .where(
      and(
        eq(specRevisions.specId, specId),
        eq(specRevisions.teamId, actor.teamId),
      ),
    );
  const byTag = db()
    .select(id)
    .from(builds)
    .innerJoin(
      taskImages,
      and(
        eq(taskImages.repositoryId, builds.repositoryId),
        eq(taskImages.tag, builds.tag),
      ),
    )
    .where(built);
  const byDigest = db()
    .select(id)
    .from(builds)
    .innerJoin(
      taskImages,
      and(
        eq(taskImages.repositoryId, builds.repositoryId),
        eq(taskImages.digest, builds.digest),
      ),
    )
    .where(built);
  return union(byRevision, byTag, byDigest);
}

/**
 * The current versions among them, for `tasksOfSpec` and for the test that reads its plan. Found first and read then:
 * PostgreSQL does not look for the best order of as many joins as both together have.
 */
export function specUses(actor: Actor, specId: string) {
  const found = versionsOfSpec(actor, specId).as('found');
  return db()
    .select({ id: taskVersions.id })
    .from(found)
    .innerJoin(taskVersions, eq(taskVersions.id, found.id))
    .innerJoin(tasks, eq(tasks.id, taskVersions.taskId))
    .where(and(eq(tasks.teamId, actor.teamId), isCurrentVersion))
    .orderBy(asc(tasks.name));
}

/** The tasks whose current version uses an image of the spec, by name, at most 1,000. */
export async function tasksOfSpec(
  actor: Actor,
  specId: string,
): Promise<TaskItemView[]> {
  const found = await specUses(actor, specId).limit(1_000);
  if (found.length === 0) return [];
  const ids = found.map(({ id }) => id);
  return toTaskItems(
    await selectTaskImages(inArray(taskImages.taskVersionId, ids)),
  );
}

/** How many tasks `tasksOfSpec` finds. */
export async function countTasksOfSpec(
  actor: Actor,
  specId: string,
): Promise<number> {
  const found = specUses(actor, specId).as('uses');
  const [row] = await db().select({ count: count() }).from(found);
  return row?.count ?? 0;
}
