import 'server-only';
import { and, asc, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import { db } from '@/db';
import { projects, taskImages, tasks, taskVersions, users } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type {
  DefaultImageView,
  ProjectItemView,
  ProjectListView,
  ProjectNameView,
  ProjectView,
} from '@/lib/build/project-views';
import { AppError } from '@/lib/errors';
import { chooseDefaultImage } from '@/lib/imagespec/default-image';
import type { TeamDefaults } from '@/lib/imagespec/team-defaults';
import { viewDefaultImage } from '@/lib/services/default-image-views';
import { getDefaults } from '@/lib/services/settings';
import { selectTaskImages, toTaskItems } from '@/lib/services/task-images';

/** One more than is counted exactly. */
const COUNTED = 1_000;
const SHOWN = 50;

/** Every project of the team to choose from, by name, at most 1,000. */
export async function listProjectNames(
  actor: Actor,
): Promise<ProjectNameView[]> {
  return db()
    .select({
      id: projects.id,
      name: projects.name,
      image: projects.defaultImage,
    })
    .from(projects)
    .where(eq(projects.teamId, actor.teamId))
    .orderBy(asc(projects.name))
    .limit(1_000);
}

/** Projects of the team by name, from the one after `after`, each with its default image. */
export async function listProjects(
  actor: Actor,
  { after, limit = 50 }: { after?: string | undefined; limit?: number } = {},
): Promise<ProjectListView> {
  const page = await selectProjects()
    .where(
      and(
        eq(projects.teamId, actor.teamId),
        after === undefined ? undefined : gt(projects.name, after),
      ),
    )
    .orderBy(asc(projects.name))
    .limit(limit + 1);
  const rows = page.slice(0, limit);
  const toItem = await itemMaker(actor);
  return {
    items: await Promise.all(rows.map(toItem)),
    next: page.length > limit ? (rows.at(-1)?.name ?? null) : null,
  };
}

/** A project with its default image and the tasks that run on it. Throws NOT_FOUND, for another team's too. */
export async function getProject(
  actor: Actor,
  projectId: string,
): Promise<ProjectView> {
  const [row] = await selectProjects().where(
    and(eq(projects.id, projectId), eq(projects.teamId, actor.teamId)),
  );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such project.');
  const defaults = await getDefaults(actor);
  const [item, uses] = await Promise.all([
    itemMaker(actor, defaults).then((toItem) => toItem(row)),
    defaultUses(actor, projectId, COUNTED),
  ]);
  const shown = uses.slice(0, SHOWN).map(({ versionId }) => versionId);
  return {
    ...item,
    ownImage: row.defaultImage,
    otherwise: chooseDefaultImage(null, defaults),
    flytekitVersion: defaults.flytekitVersion,
    defaultCount: uses.length,
    defaultTasks: toTaskItems(
      await selectTaskImages(inArray(taskImages.taskVersionId, shown)),
    ),
  };
}

/**
 * Current versions of a project's tasks that name no image, by name, for `getProject` and for the test that reads its
 * plan. The newest version is looked up task by task: PostgreSQL would read every version of every team to find them.
 */
export function defaultUses(actor: Actor, projectId: string, limit: number) {
  const newest = db()
    .select({ id: taskVersions.id })
    .from(taskVersions)
    .where(eq(taskVersions.taskId, tasks.id))
    .orderBy(desc(taskVersions.id))
    .limit(1)
    .as('newest');
  return db()
    .select({ versionId: newest.id })
    .from(tasks)
    .innerJoinLateral(newest, sql`true`)
    .innerJoin(taskImages, eq(taskImages.taskVersionId, newest.id))
    .where(
      and(
        eq(tasks.projectId, projectId),
        eq(tasks.teamId, actor.teamId),
        eq(taskImages.known, 'default'),
      ),
    )
    .orderBy(asc(tasks.name))
    .limit(limit);
}

function selectProjects() {
  return db()
    .select({
      id: projects.id,
      name: projects.name,
      defaultImage: projects.defaultImage,
      createdAt: projects.createdAt,
      createdBy: users.name,
      taskCount: sql<number>`(select count(*)::int from (select 1 from ${tasks} where ${tasks.projectId} = ${projects.id} limit ${COUNTED}) counted)`,
    })
    .from(projects)
    .leftJoin(users, eq(users.id, projects.createdBy))
    .$dynamic();
}

type ProjectRow = Awaited<ReturnType<typeof selectProjects>>[number];

/** Projects often share one default image, which is then looked up once. */
async function itemMaker(
  actor: Actor,
  known?: TeamDefaults,
): Promise<(row: ProjectRow) => Promise<ProjectItemView>> {
  const defaults = known ?? (await getDefaults(actor));
  const views = new Map<string, Promise<DefaultImageView>>();
  return async ({ defaultImage, createdAt, ...row }) => {
    const choice = chooseDefaultImage(defaultImage, defaults);
    const view = views.get(choice.reference) ?? viewDefaultImage(actor, choice);
    views.set(choice.reference, view);
    return {
      ...row,
      // The same image may be one project's own and another's from the team.
      image: { ...(await view), ...choice },
      createdAt: createdAt.toISOString(),
    };
  };
}
