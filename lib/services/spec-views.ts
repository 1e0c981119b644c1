import 'server-only';
import {
  and,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lt,
  sql,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import {
  builds,
  imageSpecs,
  registries,
  specRevisions,
  users,
} from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { SpecItemView, SpecView } from '@/lib/build/spec-views';
import { AppError } from '@/lib/errors';
import { ImageSpec } from '@/lib/imagespec/schema';
import type { SpecMatchView } from '@/lib/imagespec/views';
import { getRevision } from '@/lib/services/revision-views';
import { readBases } from '@/lib/services/base-drift';
import { countTasksOfSpec } from '@/lib/services/task-views';
import { isWhole } from '@/lib/services/whole-builds';

const builtRevisions = alias(specRevisions, 'built_revisions');
const currentRevision = and(
  eq(specRevisions.specId, imageSpecs.id),
  eq(specRevisions.number, imageSpecs.currentRevision),
);

export type SpecFilter = {
  /** Specs made before this one. */
  before?: string | undefined;
  isArchived?: boolean | undefined;
  limit?: number | undefined;
};

/** The query behind `listSpecs`, for the test that reads its plan. */
export function specPage(actor: Actor, filter: SpecFilter, limit: number) {
  const lastBuild = db()
    .select({
      id: builds.id,
      number: builds.number,
      state: builds.state,
      createdAt: builds.createdAt,
      revision: sql<number>`${builtRevisions.number}`.as('revision'),
    })
    .from(builds)
    .innerJoin(builtRevisions, eq(builtRevisions.id, builds.revisionId))
    .where(and(eq(builds.specId, imageSpecs.id), isWhole))
    .orderBy(desc(builds.id))
    .limit(1)
    .as('last_build');
  return db()
    .select({
      spec: imageSpecs,
      tag: specRevisions.tag,
      imageName: specRevisions.imageName,
      savedAt: specRevisions.createdAt,
      savedBy: users.name,
      registry: {
        id: registries.id,
        name: registries.name,
        archivedAt: registries.archivedAt,
      },
      lastBuild: {
        id: lastBuild.id,
        number: lastBuild.number,
        state: lastBuild.state,
        at: lastBuild.createdAt,
        revision: lastBuild.revision,
      },
    })
    .from(imageSpecs)
    .innerJoin(specRevisions, currentRevision)
    .leftJoin(users, eq(users.id, specRevisions.authorId))
    .leftJoin(registries, eq(registries.id, imageSpecs.registryId))
    .leftJoinLateral(lastBuild, sql`true`)
    .where(
      and(
        eq(imageSpecs.teamId, actor.teamId),
        filter.before ? lt(imageSpecs.id, filter.before) : undefined,
        filter.isArchived
          ? isNotNull(imageSpecs.archivedAt)
          : isNull(imageSpecs.archivedAt),
      ),
    )
    .orderBy(desc(imageSpecs.id))
    .limit(limit);
}

type SpecRow = Awaited<ReturnType<typeof specPage>>[number];

function toItem({ spec, registry, lastBuild, ...row }: SpecRow): SpecItemView {
  return {
    id: spec.id,
    name: spec.name,
    registry: registry && {
      id: registry.id,
      name: registry.name,
      isArchived: registry.archivedAt !== null,
    },
    imageName: row.imageName,
    tag: row.tag,
    revision: spec.currentRevision,
    savedAt: row.savedAt.toISOString(),
    savedBy: row.savedBy,
    archivedAt: spec.archivedAt?.toISOString() ?? null,
    lastBuild: lastBuild && { ...lastBuild, at: lastBuild.at.toISOString() },
  };
}

/** Specs of the team, newest first, by key, each with its current revision and last build. */
export async function listSpecs(
  actor: Actor,
  filter: SpecFilter = {},
): Promise<{ items: SpecItemView[]; next: string | null }> {
  const limit = filter.limit ?? 50;
  const rows = await specPage(actor, filter, limit + 1);
  const items = rows.slice(0, limit).map(toItem);
  const next = rows.length > limit ? (items.at(-1)?.id ?? null) : null;
  return { items, next };
}

/** A spec with its current revision and the newest image of it. Throws NOT_FOUND, for another team's too. */
export async function getSpec(actor: Actor, specId: string): Promise<SpecView> {
  const [row] = await db()
    .select({ spec: imageSpecs, registry: registries })
    .from(imageSpecs)
    .leftJoin(registries, eq(registries.id, imageSpecs.registryId))
    .where(and(eq(imageSpecs.id, specId), eq(imageSpecs.teamId, actor.teamId)));
  if (!row) throw new AppError('NOT_FOUND', 'There is no such spec.');
  const { spec, registry } = row;
  const [built] = await db()
    .select({ count: count() })
    .from(builds)
    .where(and(eq(builds.specId, spec.id), isWhole));
  return {
    id: spec.id,
    name: spec.name,
    archivedAt: spec.archivedAt?.toISOString() ?? null,
    createdAt: spec.createdAt.toISOString(),
    registry: registry && {
      id: registry.id,
      name: registry.name,
      host: registry.host,
      namespace: registry.namespace,
      isArchived: registry.archivedAt !== null,
    },
    revision: await getRevision(actor, {
      specId: spec.id,
      number: spec.currentRevision,
    }),
    published: await readPublished(actor, spec.id),
    workerLabels: spec.workerLabels,
    limits: {
      totalMinutes: spec.totalMinutes,
      idleMinutes: spec.idleMinutes,
    },
    buildCount: built?.count ?? 0,
    taskCount: await countTasksOfSpec(actor, spec.id),
  };
}

async function readPublished(
  actor: Actor,
  specId: string,
): Promise<SpecView['published']> {
  const [row] = await db()
    .select({ build: builds, revision: specRevisions.number })
    .from(builds)
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
    .where(
      and(eq(builds.specId, specId), eq(builds.state, 'published'), isWhole),
    )
    .orderBy(desc(builds.id))
    .limit(1);
  if (!row?.build.digest) return null;
  const { build } = row;
  return {
    build: { id: build.id, number: build.number },
    revision: row.revision,
    repositoryId: build.repositoryId,
    digest: row.build.digest,
    at: (build.finishedAt ?? build.createdAt).toISOString(),
    bases: await readBases(actor, build.id),
  };
}

/** The team's specs of these names, archived ones too. */
export async function matchSpecs(
  actor: Actor,
  names: readonly string[],
): Promise<SpecMatchView[]> {
  if (names.length === 0) return [];
  const rows = await db()
    .select({ spec: imageSpecs, revision: specRevisions })
    .from(imageSpecs)
    .innerJoin(specRevisions, currentRevision)
    .where(
      and(
        eq(imageSpecs.teamId, actor.teamId),
        inArray(imageSpecs.name, [...names]),
      ),
    );
  return rows.map(({ spec, revision }) => ({
    id: spec.id,
    name: spec.name,
    isArchived: spec.archivedAt !== null,
    revision: revision.number,
    tag: revision.tag,
    fields: ImageSpec.parse(revision.fields),
  }));
}
