import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { projects, tasks } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { chooseDefaultImage } from '@/lib/imagespec/default-image';
import type {
  CreateProject,
  ProjectId,
  RenameProject,
  SetProjectImage,
} from '@/lib/imagespec/projects';
import { audit } from '@/lib/services/audit';
import { setDefaultImage } from '@/lib/services/default-image';
import { requireOwner } from '@/lib/services/roles';
import { readDefaults } from '@/lib/services/settings';
import { lockTasks } from '@/lib/services/task-lock';

export type ProjectRow = typeof projects.$inferSelect;

/** Makes an empty project; anyone in the team may, as an import does. Throws NAME_TAKEN at its field. */
export async function createProject(
  actor: Actor,
  { name }: CreateProject,
): Promise<{ id: string }> {
  return db().transaction(async (tx) => {
    await lockTasks(tx, actor.teamId);
    if (await findProject(tx, actor, name)) nameTaken(name);
    const { id } = await insertProject(tx, actor, name);
    return { id };
  });
}

/** The team's project of that name, made when it is new. The caller holds `lockTasks`. */
export async function ensureProject(
  tx: Transaction,
  actor: Actor,
  name: string,
): Promise<{ project: ProjectRow; isNew: boolean }> {
  const known = await findProject(tx, actor, name);
  if (known) return { project: known, isNew: false };
  return { project: await insertProject(tx, actor, name), isNew: true };
}

/** Gives a project another name; its tasks stay its own. Owner only. Throws NOT_FOUND, NAME_TAKEN at its field. */
export async function renameProject(
  actor: Actor,
  { projectId, name }: RenameProject,
): Promise<{ name: string }> {
  requireOwner(actor);
  return db().transaction(async (tx) => {
    await lockTasks(tx, actor.teamId);
    const project = await readProject(tx, actor, projectId);
    if (project.name === name) return { name };
    if (await findProject(tx, actor, name)) nameTaken(name);
    await tx.update(projects).set({ name }).where(eq(projects.id, project.id));
    await audit(tx, actor, {
      action: 'project.rename',
      subject: name,
      subjectId: project.id,
      detail: { from: project.name },
    });
    return { name };
  });
}

/**
 * Sets the image of the project's tasks that name none, or with `null` returns to the team's. Every version of such a
 * task follows at once: the source of none of them says another. Owner only. Throws NOT_FOUND.
 */
export async function setProjectImage(
  actor: Actor,
  { projectId, image }: SetProjectImage,
): Promise<{ image: string | null }> {
  requireOwner(actor);
  return db().transaction(async (tx) => {
    await lockTasks(tx, actor.teamId);
    const project = await readProject(tx, actor, projectId);
    await tx
      .update(projects)
      .set({ defaultImage: image })
      .where(eq(projects.id, project.id));
    const choice = chooseDefaultImage(
      image,
      await readDefaults(actor.teamId, tx),
    );
    await setDefaultImage(tx, actor.teamId, choice, [project.id]);
    await audit(tx, actor, {
      action: 'project.default_image',
      subject: project.name,
      subjectId: project.id,
      detail: { image: choice.reference, from: choice.from },
    });
    return { image };
  });
}

/** Deletes a project that holds no task. Owner only. Throws NOT_FOUND, PROJECT_NOT_EMPTY. */
export async function deleteProject(
  actor: Actor,
  { projectId }: ProjectId,
): Promise<{ name: string }> {
  requireOwner(actor);
  return db().transaction(async (tx) => {
    await lockTasks(tx, actor.teamId);
    const { id, name } = await readProject(tx, actor, projectId);
    const [task] = await tx
      .select({ id: tasks.id })
      .from(tasks)
      .where(eq(tasks.projectId, id))
      .limit(1);
    if (task)
      throw new AppError(
        'PROJECT_NOT_EMPTY',
        `${name} still holds tasks, whose history would go with it.`,
      );
    await tx.delete(projects).where(eq(projects.id, id));
    await audit(tx, actor, {
      action: 'project.delete',
      subject: name,
      subjectId: id,
    });
    return { name };
  });
}

/** A project of the actor's team. Throws NOT_FOUND. */
export async function readProject(
  tx: Pick<Transaction, 'select'>,
  actor: Actor,
  projectId: string,
): Promise<ProjectRow> {
  const [project] = await tx
    .select()
    .from(projects)
    .where(and(eq(projects.id, projectId), eq(projects.teamId, actor.teamId)));
  if (!project) throw new AppError('NOT_FOUND', 'There is no such project.');
  return project;
}

async function findProject(
  tx: Transaction,
  actor: Actor,
  name: string,
): Promise<ProjectRow | undefined> {
  const [project] = await tx
    .select()
    .from(projects)
    .where(and(eq(projects.teamId, actor.teamId), eq(projects.name, name)));
  return project;
}

async function insertProject(
  tx: Transaction,
  actor: Actor,
  name: string,
): Promise<ProjectRow> {
  const [project] = await tx
    .insert(projects)
    .values({ teamId: actor.teamId, name, createdBy: actor.userId })
    .returning();
  if (!project) throw new Error('The project was not stored.');
  await audit(tx, actor, {
    action: 'project.create',
    subject: name,
    subjectId: project.id,
  });
  return project;
}

function nameTaken(name: string): never {
  throw new AppError(
    'NAME_TAKEN',
    `There is a project named ${name} already.`,
    {
      fields: { name: 'This name is taken. Choose another.' },
    },
  );
}
