import 'server-only';
import { and, desc, eq, lt, not } from 'drizzle-orm';
import { db } from '@/db';
import { builds, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import {
  type FailureSource,
  findFailureSource,
} from '@/lib/build/failure-source';
import type {
  BuildDefinitionView,
  BuildItemView,
  StepView,
} from '@/lib/build/views';
import { partsOf } from '@/lib/imagespec/definition';
import { ImageSpec } from '@/lib/imagespec/schema';
import { requireBuild } from '@/lib/services/build-events';
import { readRevisionFiles } from '@/lib/services/revision-files';
import { getRevision } from '@/lib/services/revision-views';
import { isWhole } from '@/lib/services/whole-builds';

/** The revision a build was made from, beside that of the spec's build before it. Throws NOT_FOUND. */
export async function getDefinition(
  actor: Actor,
  buildId: string,
): Promise<BuildDefinitionView> {
  const build = await requireBuild(actor.teamId, buildId);
  const { specId } = build;
  const { id, platform } = build;
  const previous = await findPrevious(
    { id, platform, spec: { id: specId } },
    build.partOfId !== null,
  );
  const [own] = await db()
    .select({ number: specRevisions.number })
    .from(specRevisions)
    .where(eq(specRevisions.id, build.revisionId));
  return {
    revision: await getRevision(actor, { specId, number: own?.number ?? 0 }),
    previous: previous
      ? {
          build: { id: previous.id, number: previous.number },
          revision: await getRevision(actor, {
            specId,
            number: previous.revision,
          }),
        }
      : null,
  };
}

/**
 * The build of the same spec before this one, with the number of its revision. Of a part it is the one for the same
 * platform.
 */
export async function findPrevious(
  {
    id,
    platform,
    spec,
  }: { id: string; platform: string; spec: { id: string } },
  isPart: boolean,
): Promise<{ id: string; number: number; revision: number } | null> {
  const [previous] = await db()
    .select({
      id: builds.id,
      number: builds.number,
      revision: specRevisions.number,
    })
    .from(builds)
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
    .where(
      and(
        eq(builds.specId, spec.id),
        lt(builds.id, id),
        isPart ? and(not(isWhole), eq(builds.platform, platform)) : isWhole,
      ),
    )
    .orderBy(desc(builds.id))
    .limit(1);
  return previous ?? null;
}

/** What of its spec a build failed by; `null` for a build that did not fail. */
export async function readFailureSource(
  { teamId }: Actor,
  { failure, revision }: BuildItemView,
  steps: readonly StepView[],
): Promise<FailureSource | null> {
  if (!failure) return null;
  const [row] = await db()
    .select({ fields: specRevisions.fields, files: specRevisions.files })
    .from(specRevisions)
    .where(eq(specRevisions.id, revision.id));
  const spec = ImageSpec.safeParse(row?.fields);
  if (!row || !spec.success) return null;
  const texts = await readRevisionFiles(teamId, row.files);
  return findFailureSource({
    failure,
    step: steps.find(({ key }) => key === failure.step)?.name ?? null,
    spec: spec.data,
    requirements: partsOf(spec.data, texts).requirements,
  });
}
