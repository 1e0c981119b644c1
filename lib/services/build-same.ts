import 'server-only';
import { and, desc, eq, inArray, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db, type Transaction } from '@/db';
import { builds, repositories, specRevisions } from '@/db/schema';
import { BUILD_STATES, isOnItsWay } from '@/lib/build/state';
import { parseReference } from '@/lib/registry/reference';
import type { Buildable } from '@/lib/services/build-revision';
import { isWhole } from '@/lib/services/whole-builds';

export const ON_THEIR_WAY = BUILD_STATES.filter(isOnItsWay);
const bases = alias(builds, 'bases');

/**
 * The same build on its way: of the same definition, for the same platform, place and base, and not one that was forced. It is
 * locked, so that it is still on its way when the ask for it is stored.
 */
export async function findSame(
  tx: Transaction,
  buildable: Buildable,
  repository: { id: string },
  base: { id: string; digest: string | null } | null,
): Promise<{ id: string; number: number } | null> {
  const rows = await tx
    .select({
      id: builds.id,
      number: builds.number,
      baseId: builds.baseBuildId,
      baseDigest: bases.digest,
    })
    .from(builds)
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
    .leftJoin(
      bases,
      and(eq(bases.id, builds.baseBuildId), eq(bases.state, 'published')),
    )
    .where(isSame(buildable, eq(builds.repositoryId, repository.id)))
    .orderBy(desc(builds.id))
    .for('update', { of: builds });
  const same = rows.find(
    (row) =>
      row.baseId === (base?.id ?? null) ||
      (row.baseDigest !== null && row.baseDigest === base?.digest),
  );
  return same ? { id: same.id, number: same.number } : null;
}

/** Whether anything of the kind is on its way, whatever it stands on; an answer of the moment. */
export async function isSameOnItsWay(buildable: Buildable): Promise<boolean> {
  const { registry: host, repository: path } = parseReference(
    buildable.revision.imageName,
  );
  const [found] = await db()
    .select({ id: builds.id })
    .from(builds)
    .innerJoin(specRevisions, eq(specRevisions.id, builds.revisionId))
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .where(
      isSame(
        buildable,
        and(eq(repositories.host, host), eq(repositories.path, path)),
      ),
    )
    .limit(1);
  return found !== undefined;
}

function isSame({ revision, platform }: Buildable, place: SQL | undefined) {
  return and(
    eq(builds.teamId, revision.teamId),
    inArray(builds.state, ON_THEIR_WAY),
    isWhole,
    place,
    eq(builds.tag, revision.tag),
    eq(builds.platform, platform),
    eq(builds.noCache, false),
    eq(specRevisions.definitionHash, revision.definitionHash),
  );
}
