import 'server-only';
import { and, asc, count, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import {
  accessChecks,
  builds,
  imageSpecs,
  indexChildren,
  manifests,
  tags,
  taskImages,
  tasks,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { BUILD_STATES, isMoving } from '@/lib/build/state';
import type { ImpactView } from '@/lib/registry/inventory-views';
import {
  type ImageKey,
  type KnownImage,
  requireImage,
} from '@/lib/services/image-lookup';
import { readOffers } from '@/lib/services/registry-offers';
import { tasksOfDigest } from '@/lib/services/task-views';
import { isWhole } from '@/lib/services/whole-builds';

const MOVING = BUILD_STATES.filter(isMoving);
const other = alias(indexChildren, 'other');

/** Everything that points to an image: what a deletion, or a tag that moves away from it, would be felt by. */
export async function getImpact(
  actor: Actor,
  key: ImageKey,
): Promise<ImpactView> {
  const image = await requireImage(actor, key);
  const [names, indexes, parts, [referrers], users, running, [checks], offers] =
    await Promise.all([
      readTagNames(key),
      readIndexesOf(key),
      readPartsOf(key),
      countReferrers(key),
      readTasks(actor, key),
      readRunning(actor, image),
      countChecks(key),
      readOffers(image.repository),
    ]);
  return {
    digest: key.digest,
    repository: image.name,
    tags: names,
    indexes,
    parts,
    referrers: referrers?.count ?? 0,
    tasks: users,
    builds: running,
    accessChecks: checks?.count ?? 0,
    offers,
    mayOverride: actor.role === 'owner',
  };
}

async function readTagNames({ repositoryId, digest }: ImageKey) {
  const rows = await db()
    .select({ name: tags.name })
    .from(tags)
    .where(
      and(eq(tags.repositoryId, repositoryId), eq(tags.currentDigest, digest)),
    )
    .orderBy(asc(tags.name));
  return rows.map(({ name }) => name);
}

async function readIndexesOf({ repositoryId, digest }: ImageKey) {
  const rows = await db()
    .select({
      digest: indexChildren.indexDigest,
      platform: indexChildren.platform,
      tags: sql<
        string[]
      >`array(select t.name from tags t where t.repository_id = ${indexChildren.repositoryId} and t.current_digest = ${indexChildren.indexDigest} order by t.name)`,
    })
    .from(indexChildren)
    .innerJoin(
      manifests,
      and(
        eq(manifests.repositoryId, indexChildren.repositoryId),
        eq(manifests.digest, indexChildren.indexDigest),
        isNull(manifests.goneAt),
      ),
    )
    .where(
      and(
        eq(indexChildren.repositoryId, repositoryId),
        eq(indexChildren.childDigest, digest),
      ),
    )
    .limit(50);
  return rows;
}

/** The parts that are there; shared are those that another index names, or a tag. */
async function readPartsOf({ repositoryId, digest }: ImageKey) {
  const isNamed = sql<boolean>`exists (select 1 from ${indexChildren} ${sql.identifier('other')} join manifests i on i.repository_id = ${other.repositoryId} and i.digest = ${other.indexDigest} and i.gone_at is null
      where ${other.repositoryId} = ${indexChildren.repositoryId} and ${other.childDigest} = ${indexChildren.childDigest} and ${other.indexDigest} <> ${indexChildren.indexDigest})`;
  const isTagged = sql<boolean>`exists (select 1 from tags t where t.repository_id = ${indexChildren.repositoryId} and t.current_digest = ${indexChildren.childDigest})`;
  return db()
    .select({
      digest: indexChildren.childDigest,
      platform: indexChildren.platform,
      isShared: sql<boolean>`(${isNamed} or ${isTagged})`,
    })
    .from(indexChildren)
    .innerJoin(
      manifests,
      and(
        eq(manifests.repositoryId, indexChildren.repositoryId),
        eq(manifests.digest, indexChildren.childDigest),
        isNull(manifests.goneAt),
      ),
    )
    .where(
      and(
        eq(indexChildren.repositoryId, repositoryId),
        eq(indexChildren.indexDigest, digest),
      ),
    )
    .orderBy(asc(indexChildren.position));
}

function countReferrers({ repositoryId, digest }: ImageKey) {
  return db()
    .select({ count: count() })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, repositoryId),
        eq(manifests.subjectDigest, digest),
        isNull(manifests.goneAt),
      ),
    );
}

/** The tasks whose current version runs on the image, or on one of its parts by digest. */
async function readTasks(
  actor: Actor,
  key: ImageKey,
): Promise<ImpactView['tasks']> {
  const items = await tasksOfDigest(actor, key);
  return items.map((task) => ({
    id: task.id,
    name: task.name,
    tag:
      task.version.images.find(
        ({ repository, digest }) =>
          repository?.id === key.repositoryId && digest === key.digest,
      )?.tag ?? null,
  }));
}

/** The current tasks that follow a tag of a repository, by name. */
export async function tasksOnTag(
  actor: Actor,
  repositoryId: string,
  tag: string,
): Promise<{ id: string; name: string }[]> {
  const items = await db()
    .selectDistinct({ id: tasks.id, name: tasks.name })
    .from(taskImages)
    .innerJoin(
      sql`task_versions v`,
      sql`v.id = ${taskImages.taskVersionId} and not exists (select 1 from task_versions n where n.task_id = v.task_id and n.id > v.id)`,
    )
    .innerJoin(tasks, sql`${tasks.id} = v.task_id`)
    .where(
      and(
        eq(taskImages.repositoryId, repositoryId),
        eq(taskImages.tag, tag),
        isNull(taskImages.digest),
        eq(tasks.teamId, actor.teamId),
      ),
    )
    .orderBy(asc(tasks.name))
    .limit(1_000);
  return items;
}

function readRunning(actor: Actor, { repository }: KnownImage) {
  return db()
    .select({
      id: builds.id,
      number: builds.number,
      specName: imageSpecs.name,
      tag: builds.tag,
    })
    .from(builds)
    .innerJoin(imageSpecs, eq(imageSpecs.id, builds.specId))
    .where(
      and(
        eq(builds.teamId, actor.teamId),
        inArray(builds.state, MOVING),
        isWhole,
        eq(builds.repositoryId, repository.id),
      ),
    )
    .orderBy(asc(builds.id))
    .limit(20);
}

function countChecks({ repositoryId, digest }: ImageKey) {
  return db()
    .select({ count: count() })
    .from(accessChecks)
    .where(
      and(
        eq(accessChecks.repositoryId, repositoryId),
        or(
          eq(accessChecks.reference, `@${digest}`),
          and(
            eq(accessChecks.digest, digest),
            eq(accessChecks.repositoryId, repositoryId),
          ),
        ),
      ),
    );
}
