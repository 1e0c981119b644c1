import 'server-only';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import {
  builds,
  imageSpecs,
  manifests,
  projects,
  repositories,
  settings,
  specRevisions,
  tagMoves,
  tags,
  taskImages,
  tasks,
  taskVersions,
  users,
} from '@/db/schema';
import type { DefaultImageSource } from '@/lib/imagespec/default-image';
import type {
  TaskImageView,
  TaskItemView,
  TaskVersionView,
} from '@/lib/build/task-views';
import { wholeId } from '@/lib/services/whole-builds';

const newer = alias(taskVersions, 'newer');

/** Keeps each task's newest version: the one that counts. */
export const isCurrentVersion = sql`not exists (select 1 from ${taskVersions} ${sql.identifier('newer')} where ${newer.taskId} = ${taskVersions.taskId} and ${newer.id} > ${taskVersions.id})`;

/** What the reference points to now: its own digest, or that of its tag. */
const digestNow = sql<
  string | null
>`coalesce(${taskImages.digest}, ${tags.currentDigest})`;

/** Where the tag was not known yet at the import, the first thing seen behind it counts. */
export const digestAtImport = sql<
  string | null
>`coalesce(${taskImages.digestAtImport}, (select m.to_digest from ${tagMoves} m where m.repository_id = ${taskImages.repositoryId} and m.tag = ${taskImages.tag} and m.seen_at >= ${taskVersions.createdAt} order by m.id limit 1))`;

/** A tag that is only known of has both times from one moment and no digest. */
export const wasChecked = sql<boolean>`${tags.currentDigest} is not null or ${tags.checkedAt} > ${tags.firstSeenAt}`;

/** Which of the three says what a task without an image gets. */
const defaultFrom = sql<DefaultImageSource>`case when ${projects.defaultImage} is not null then 'project' when (select s.value->'defaults'->>'image' from ${settings} s where s.team_id = ${tasks.teamId} and s.key = 'defaults') is not null then 'team' else 'flytekit' end`;

const columns = {
  task: { id: tasks.id, name: tasks.name },
  project: { id: projects.id, name: projects.name },
  defaultFrom: defaultFrom.as('default_from'),
  version: taskVersions,
  importedBy: users.name,
  image: taskImages,
  repository: { host: repositories.host, path: repositories.path },
  digest: digestNow.as('digest_now'),
  digestAtImport: digestAtImport.as('digest_at_import_or_after'),
  checkedAt: tags.checkedAt,
  wasChecked: wasChecked.as('was_checked'),
  goneAt: manifests.goneAt,
  spec: {
    id: imageSpecs.id,
    name: imageSpecs.name,
    currentRevision: imageSpecs.currentRevision,
  },
  specRevision: specRevisions.number,
};

/**
 * Images of task versions with all that is known of them, one query. Floating rows get their digest from
 * `tags.current_digest`, so a moved tag rewrites one row, not every task's.
 */
export function selectTaskImages(
  where: SQL | undefined,
  order: SQL[] = [asc(tasks.name)],
  limit = 1_000,
) {
  const maker = db()
    .select({ id: wholeId.as('whole_id'), number: builds.number })
    .from(builds)
    .where(
      and(
        eq(builds.repositoryId, taskImages.repositoryId),
        eq(builds.digest, digestNow),
        eq(builds.state, 'published'),
      ),
    )
    .orderBy(asc(builds.id))
    .limit(1)
    .as('maker');
  return db()
    .select({ ...columns, build: { id: maker.id, number: maker.number } })
    .from(taskImages)
    .innerJoin(taskVersions, eq(taskVersions.id, taskImages.taskVersionId))
    .innerJoin(tasks, eq(tasks.id, taskVersions.taskId))
    .innerJoin(projects, eq(projects.id, tasks.projectId))
    .leftJoin(users, eq(users.id, taskVersions.importedBy))
    .leftJoin(repositories, eq(repositories.id, taskImages.repositoryId))
    .leftJoin(
      tags,
      and(
        eq(tags.repositoryId, taskImages.repositoryId),
        eq(tags.name, taskImages.tag),
      ),
    )
    .leftJoin(
      manifests,
      and(
        eq(manifests.repositoryId, taskImages.repositoryId),
        eq(manifests.digest, digestNow),
      ),
    )
    .leftJoin(specRevisions, eq(specRevisions.id, taskImages.revisionId))
    .leftJoin(imageSpecs, eq(imageSpecs.id, specRevisions.specId))
    .leftJoinLateral(maker, sql`true`)
    .where(where)
    .orderBy(...order)
    .limit(limit);
}

export type TaskImageRow = Awaited<ReturnType<typeof selectTaskImages>>[number];

/** The tasks behind rows of one version each, in the order of the rows. */
export function toTaskItems(rows: readonly TaskImageRow[]): TaskItemView[] {
  const items = new Map<string, TaskItemView>();
  for (const row of rows) {
    const known = items.get(row.task.id);
    if (known) known.version.images.push(toImageView(row));
    else
      items.set(row.task.id, {
        ...row.task,
        project: row.project,
        version: toVersionView(row),
      });
  }
  return [...items.values()];
}

/** The versions behind rows of one task, in the order of the rows. */
export function toVersions(rows: readonly TaskImageRow[]): TaskVersionView[] {
  const versions = new Map<string, TaskVersionView>();
  for (const row of rows) {
    const known = versions.get(row.version.id);
    if (known) known.images.push(toImageView(row));
    else versions.set(row.version.id, toVersionView(row));
  }
  return [...versions.values()];
}

function toVersionView(row: TaskImageRow): TaskVersionView {
  const { id, version, fileName, line, createdAt } = row.version;
  return {
    id,
    version,
    fileName,
    line,
    importedAt: createdAt.toISOString(),
    importedBy: row.importedBy,
    images: [toImageView(row)],
  };
}

function toImageView(row: TaskImageRow): TaskImageView {
  const { image, repository, digest, build, spec } = row;
  const atImport = row.digestAtImport;
  return {
    container: image.container,
    binding: toBinding(image),
    defaultFrom: image.known === 'default' ? row.defaultFrom : null,
    reference: image.reference,
    repository:
      image.repositoryId !== null && repository
        ? {
            id: image.repositoryId,
            name: `${repository.host}/${repository.path}`,
          }
        : null,
    tag: image.tag,
    digest,
    movedFrom:
      image.tag !== null && atImport !== null && digest !== atImport
        ? atImport
        : null,
    checkedAt: row.wasChecked ? (row.checkedAt?.toISOString() ?? null) : null,
    isGone: row.goneAt !== null,
    spec: spec && { ...spec, revision: row.specRevision ?? 0 },
    build,
  };
}

function toBinding(image: TaskImageRow['image']): TaskImageView['binding'] {
  if (image.known === 'default' || image.known === 'unresolved')
    return image.known;
  if (image.repositoryId === null) return 'local';
  return image.digest === null ? 'floating' : 'pinned';
}
