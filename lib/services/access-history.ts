import 'server-only';
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { db } from '@/db';
import { accessChecks, repositories, tags } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { AccessEvidence } from '@/lib/registry/access-evidence';
import type { AccessChangeView, AccessView } from '@/lib/registry/views';
import { requireRepository } from '@/lib/services/tags';

const SHOWN = 50;
const earlier = alias(accessChecks, 'earlier');

/** The query behind the history of references, for `listAccessChanges` and for the test that reads its plan. */
export function accessChanges(
  repositoryId: string,
  references: readonly string[],
) {
  const before = db()
    .select({ verdict: earlier.verdict })
    .from(earlier)
    .where(
      and(
        eq(earlier.repositoryId, accessChecks.repositoryId),
        eq(earlier.reference, accessChecks.reference),
        eq(earlier.identity, accessChecks.identity),
        eq(earlier.platform, accessChecks.platform),
        lt(earlier.id, accessChecks.id),
      ),
    )
    .orderBy(desc(earlier.id))
    .limit(1)
    .as('before');
  return db()
    .select({
      id: accessChecks.id,
      reference: accessChecks.reference,
      platform: accessChecks.platform,
      identity: accessChecks.identity,
      from: before.verdict,
      to: accessChecks.verdict,
      digest: accessChecks.digest,
      at: accessChecks.checkedAt,
    })
    .from(accessChecks)
    .leftJoinLateral(before, sql`true`)
    .where(
      and(
        eq(accessChecks.repositoryId, repositoryId),
        inArray(accessChecks.reference, [...references]),
      ),
    )
    .orderBy(desc(accessChecks.id))
    .limit(SHOWN);
}

/** What became of a digest and the tags that point to it now, newest first, at most fifty lines. Throws NOT_FOUND. */
export async function listAccessChanges(
  actor: Actor,
  image: { repositoryId: string; digest: string },
): Promise<AccessChangeView[]> {
  const repository = await requireRepository(actor, image.repositoryId);
  const named = await db()
    .select({ name: tags.name })
    .from(tags)
    .where(
      and(
        eq(tags.repositoryId, repository.id),
        eq(tags.currentDigest, image.digest),
      ),
    )
    .limit(SHOWN);
  const references = [
    `@${image.digest}`,
    ...named.map(({ name }) => `:${name}`),
  ];
  const rows = await accessChanges(repository.id, references);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** One answer of the past with everything it rests on. Throws NOT_FOUND, for another team's too. */
export async function getAccessCheck(
  actor: Actor,
  checkId: string,
): Promise<AccessView> {
  const [row] = await db()
    .select({ check: accessChecks })
    .from(accessChecks)
    .innerJoin(repositories, eq(repositories.id, accessChecks.repositoryId))
    .where(
      and(eq(accessChecks.id, checkId), eq(repositories.teamId, actor.teamId)),
    );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such access check.');
  const { check } = row;
  return {
    repositoryId: check.repositoryId,
    reference: check.reference,
    platform: check.platform,
    identity: check.identity,
    verdict: check.verdict,
    checkedAt: check.checkedAt.toISOString(),
    changedAt: check.checkedAt.toISOString(),
    isStale: false,
    evidence: AccessEvidence.parse(check.evidence),
  };
}
