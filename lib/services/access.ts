import 'server-only';
import { and, eq, getTableColumns, inArray } from 'drizzle-orm';
import { db } from '@/db';
import { accessCurrent, manifests } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { AccessVerdict } from '@/lib/registry/access';
import {
  AccessEvidence,
  type AccessIdentity,
} from '@/lib/registry/access-evidence';
import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import type { ImageQuestion } from '@/lib/registry/forms';
import type {
  AccessCellView,
  AccessMatrixView,
  AccessView,
} from '@/lib/registry/views';
import { identitiesAt, lookAtAccess } from '@/lib/services/access-look';
import { VANTAGE } from '@/lib/services/access-store';
import { findPlace } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';
import { getDefaults } from '@/lib/services/settings';
import { requireRepository } from '@/lib/services/tags';

/** What an anonymous pull gets an image under; over plain http where nodes are told to. */
const PULLED: (AccessVerdict | undefined)[] = ['public', 'insecure_http'];

/**
 * Looks now, whatever was known, as every identity and at every layer, and gives the new anonymous answer. Two people
 * asking at once share one look.
 */
export async function checkAccess(
  actor: Actor,
  question: ImageQuestion,
): Promise<AccessView> {
  const repository = await requireRepository(actor, question.repositoryId);
  await lookAtAccess(repository, question, { isUrgent: true, depth: 'all' });
  const view = await findAccess(repository, question);
  if (!view) throw new Error('The access check was not stored.');
  return view;
}

type Question = Pick<ImageQuestion, 'reference' | 'platform'> & {
  identity?: AccessIdentity | undefined;
};

/** The latest stored answer to one identity, nobody by default, or `null` when nobody has looked yet. */
export async function findAccess(
  repository: Pick<RepositoryRow, 'id'>,
  { reference, platform, identity = 'anonymous' }: Question,
): Promise<AccessView | null> {
  const [current] = await db()
    .select()
    .from(accessCurrent)
    .where(
      and(
        eq(accessCurrent.repositoryId, repository.id),
        eq(accessCurrent.reference, reference),
        eq(accessCurrent.identity, identity),
        eq(accessCurrent.platform, platform),
        eq(accessCurrent.vantage, VANTAGE),
      ),
    );
  return (
    (current && {
      ...toCell(current),
      evidence: AccessEvidence.parse(current.evidence),
    }) ??
    null
  );
}

function toCell(
  row: Omit<typeof accessCurrent.$inferSelect, 'evidence'>,
): AccessCellView {
  return {
    repositoryId: row.repositoryId,
    reference: row.reference,
    platform: row.platform,
    identity: row.identity,
    verdict: row.verdict,
    checkedAt: row.checkedAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    isStale: row.limitedAt !== null,
  };
}

/** The stored answer for a digest, on its own platform unless another is given. Throws NOT_FOUND. */
export async function getAccess(
  actor: Actor,
  image: {
    repositoryId: string;
    digest: string;
    platform?: string | undefined;
    identity?: AccessIdentity | undefined;
  },
): Promise<AccessView | null> {
  const repository = await requireRepository(actor, image.repositoryId);
  const platform =
    image.platform ?? (await platformOf(image)) ?? DEFAULT_PLATFORM;
  return findAccess(repository, {
    reference: `@${image.digest}`,
    platform,
    identity: image.identity,
  });
}

async function platformOf(image: {
  repositoryId: string;
  digest: string;
}): Promise<string | null> {
  const [row] = await db()
    .select({ platform: manifests.platform })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, image.repositoryId),
        eq(manifests.digest, image.digest),
      ),
    );
  return row?.platform ?? null;
}

/** Who can pull a digest, on the cluster's platforms and its own. Throws NOT_FOUND. */
export async function getAccessMatrix(
  actor: Actor,
  image: { repositoryId: string; digest: string },
): Promise<AccessMatrixView> {
  const repository = await requireRepository(actor, image.repositoryId);
  const { teamId, host, path } = repository;
  const [{ clusterPlatforms }, own, place] = await Promise.all([
    getDefaults(actor),
    platformOf(image),
    findPlace({ teamId, host, path }),
  ]);
  const platforms = [
    ...new Set([...clusterPlatforms, ...(own === null ? [] : [own])]),
  ];
  if (platforms.length === 0) platforms.push(DEFAULT_PLATFORM);
  const identities = identitiesAt(place);
  const { evidence: _, ...columns } = getTableColumns(accessCurrent);
  const rows = await db()
    .select(columns)
    .from(accessCurrent)
    .where(
      and(
        eq(accessCurrent.repositoryId, image.repositoryId),
        eq(accessCurrent.reference, `@${image.digest}`),
        inArray(accessCurrent.identity, identities),
        inArray(accessCurrent.platform, platforms),
        eq(accessCurrent.vantage, VANTAGE),
      ),
    );
  const cells = rows.map(toCell);
  const isBrokenBySecret = platforms.some((platform) => {
    const verdictOf = (identity: AccessIdentity) =>
      cells.find(
        (cell) => cell.platform === platform && cell.identity === identity,
      )?.verdict;
    return (
      PULLED.includes(verdictOf('anonymous')) &&
      verdictOf('cluster') === 'no_access'
    );
  });
  return { identities, platforms, clusterPlatforms, cells, isBrokenBySecret };
}
