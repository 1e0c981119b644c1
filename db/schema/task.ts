import {
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams, users } from '@/db/schema/auth';
import { createdAt, id } from '@/db/schema/columns';
import { repositories } from '@/db/schema/image';
import { specRevisions } from '@/db/schema/spec';

/** Where a task version came from. */
export const TASK_ORIGINS = ['python'] as const;
/** How a task's image is known. */
export const IMAGE_KNOWN = [
  'spec',
  'reference',
  'default',
  'unresolved',
] as const;

export const projects = pgTable(
  'projects',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    /** As Flyte writes project ids. */
    name: text().notNull(),
    /** The image of its tasks that name none; `null` leaves the team's. */
    defaultImage: text(),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('projects_name').on(table.teamId, table.name)],
);

/** A task is its project and its name: the same name in two projects is two tasks. */
export const tasks = pgTable(
  'tasks',
  {
    id: id(),
    /** That of its project, so that lists of a team are one index read. */
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    projectId: uuid()
      .notNull()
      .references(() => projects.id, { onDelete: 'no action' }),
    /** `module.function`, as Flyte names it. */
    name: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('tasks_project_name').on(table.projectId, table.name),
    index('tasks_name').on(table.teamId, table.name, table.id),
  ],
);

/** Immutable rows; the newest is the task's current version. */
export const taskVersions = pgTable(
  'task_versions',
  {
    id: id(),
    taskId: uuid()
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    /** SHA-256 of the source it was read from, first 12 hex digits for people. */
    version: text().notNull(),
    origin: text({ enum: TASK_ORIGINS }).notNull(),
    fileName: text().notNull(),
    line: integer().notNull(),
    importedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [index('task_versions_task').on(table.taskId, table.id)],
);

export const taskImages = pgTable(
  'task_images',
  {
    taskVersionId: uuid()
      .notNull()
      .references(() => taskVersions.id, { onDelete: 'cascade' }),
    container: text().notNull(),
    /** As written, or the source text when it could not be resolved. */
    reference: text().notNull(),
    known: text({ enum: IMAGE_KNOWN }).notNull(),
    repositoryId: uuid().references(() => repositories.id, {
      onDelete: 'restrict',
    }),
    /** A floating row follows `tags.current_digest`. */
    tag: text(),
    /** Only when the reference is pinned. */
    digest: text(),
    digestAtImport: text(),
    revisionId: uuid().references(() => specRevisions.id, {
      onDelete: 'set null',
    }),
  },
  (table) => [
    primaryKey({ columns: [table.taskVersionId, table.container] }),
    index('task_images_digest').on(table.repositoryId, table.digest),
    index('task_images_tag').on(table.repositoryId, table.tag),
    index('task_images_revision').on(table.revisionId),
  ],
);
