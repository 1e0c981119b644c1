import 'server-only';
import { and, eq, or, sql } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { buildOutputs, repositories, tags } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { type BuildBase, OutputDetail, uniqueBases } from '@/lib/build/bases';
import type { BuildBaseView } from '@/lib/build/views';
import { parseReference } from '@/lib/registry/reference';
import { raiseAlert, resolveAlert } from '@/lib/services/alerts';

/** A base of the newest published build of a live spec. */
export type SpecBase = {
  spec: { id: string; name: string };
  build: { id: string; number: number };
  base: BuildBase;
};

/** The bases of the newest published build of each live spec of the team. */
export async function listBases(
  tx: Transaction | Database,
  teamId: string,
): Promise<SpecBase[]> {
  const found = await tx.execute<{
    spec_id: string;
    name: string;
    build_id: string;
    number: number;
    details: unknown[];
  }>(sql`
    select spec.id as spec_id, spec.name, build.id as build_id, build.number, output.details
    from image_specs spec
    cross join lateral (
      select build.id, build.number from builds build
      where build.spec_id = spec.id and build.state = 'published' and build.part_of_id is null
      order by build.id desc limit 1
    ) build
    cross join lateral (
      select coalesce(jsonb_agg(output.detail order by output.platform), '[]') as details
      from build_outputs output where output.build_id = build.id
    ) output
    where spec.team_id = ${teamId} and spec.archived_at is null`);
  return found.rows.flatMap((row) =>
    basesIn(row.details).map((base) => ({
      spec: { id: row.spec_id, name: row.name },
      build: { id: row.build_id, number: row.number },
      base,
    })),
  );
}

function basesIn(details: readonly unknown[]): BuildBase[] {
  return uniqueBases(
    details.flatMap((detail) => OutputDetail.parse(detail).bases ?? []),
  );
}

/** Bases with what their tags point to now, as last looked at. */
export async function withCurrent(
  tx: Transaction | Database,
  teamId: string,
  bases: readonly BuildBase[],
): Promise<BuildBaseView[]> {
  const places = bases.flatMap(({ reference }) => {
    const { registry, repository, tag } = parseReference(reference);
    return tag === undefined
      ? []
      : [
          and(
            eq(repositories.host, registry),
            eq(repositories.path, repository),
            eq(tags.name, tag),
          ),
        ];
  });
  const rows =
    places.length === 0
      ? []
      : await tx
          .select({
            name: sql<string>`${repositories.host} || '/' || ${repositories.path} || ':' || ${tags.name}`,
            digest: tags.currentDigest,
            checkedAt: tags.checkedAt,
            wasLookedAt: sql<boolean>`${tags.currentDigest} is not null or ${tags.checkedAt} > ${tags.firstSeenAt}`,
          })
          .from(repositories)
          .innerJoin(tags, eq(tags.repositoryId, repositories.id))
          .where(and(eq(repositories.teamId, teamId), or(...places)));
  return bases.map(({ reference, digest }) => {
    const tag = rows.find((row) => row.name === reference && row.wasLookedAt);
    return {
      reference,
      digest,
      current: tag?.digest ?? null,
      checkedAt: tag?.checkedAt.toISOString() ?? null,
      hasMoved: tag !== undefined && tag.digest !== digest,
    };
  });
}

/** What a build stood on, for one of its platforms or for all, and what the tags point to now. */
export async function readBases(
  actor: Actor,
  buildId: string,
  platform?: string,
): Promise<BuildBaseView[]> {
  const rows = await db()
    .select({ detail: buildOutputs.detail })
    .from(buildOutputs)
    .where(
      and(
        eq(buildOutputs.buildId, buildId),
        platform === undefined
          ? undefined
          : eq(buildOutputs.platform, platform),
      ),
    );
  const bases = basesIn(rows.map(({ detail }) => detail));
  return withCurrent(db(), actor.teamId, bases);
}

/** Raises and resolves the alerts on bases that moved since the newest build of a spec, from what is known of their tags. */
export async function tellBaseDrift(teamId: string): Promise<void> {
  await db().transaction(async (tx) => {
    const bases = await listBases(tx, teamId);
    const now = await withCurrent(
      tx,
      teamId,
      bases.map(({ base }) => base),
    );
    const seen = bases.map((one, index) => ({ ...one, now: now[index] }));
    for (const { spec, build, base, now: current } of seen) {
      // Parts of one build may have stood on different images of one name.
      const isOneOfMoved = seen.some(
        (other) =>
          other.now?.hasMoved === true &&
          other.spec.id === spec.id &&
          other.base.reference === base.reference,
      );
      if (current?.hasMoved)
        await raiseAlert(tx, teamId, {
          kind: 'base_moved',
          version: 1,
          spec,
          build,
          base: base.reference,
          from: base.digest,
          to: current.current,
        });
      else if (!isOneOfMoved)
        await resolveAlert(
          tx,
          teamId,
          'base_moved',
          `${spec.id} ${base.reference}`,
        );
    }
  });
}
