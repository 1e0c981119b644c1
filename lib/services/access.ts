import 'server-only';
import { and, desc, eq, gt } from 'drizzle-orm';
import { db } from '@/db';
import { accessChecks, accessCurrent, manifests } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { type AccessVerdict, judgeAccess } from '@/lib/registry/access';
import { AccessEvidence } from '@/lib/registry/access-evidence';
import { gatherAccess } from '@/lib/registry/client/gather-access';
import type { ImageQuestion } from '@/lib/registry/forms';
import type { AccessView } from '@/lib/registry/views';
import { withCredential } from '@/lib/services/credentials';
import { markGone } from '@/lib/services/manifests';
import { findPlace, toCredential } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';
import { observeTag, requireRepository } from '@/lib/services/tags';

const VANTAGE = 'server';
const IDENTITY = 'anonymous';

const checking = new Map<string, Promise<void>>();

/** Looks now, whatever was known, and gives the new answer. Two people asking at once share one look. */
export async function checkAccess(
  actor: Actor,
  question: ImageQuestion,
): Promise<AccessView> {
  const repository = await requireRepository(actor, question.repositoryId);
  await lookAtAccess(repository, question);
  const view = await findAccess(repository, question);
  if (!view) throw new Error('The access check was not stored.');
  return view;
}

/** Runs one anonymous check (refined by the stored credential only after a refusal) and stores what it saw. */
export async function lookAtAccess(
  repository: RepositoryRow,
  question: Pick<ImageQuestion, 'reference' | 'platform'>,
): Promise<void> {
  const key = `${repository.id}${question.reference} ${question.platform}`;
  const running =
    checking.get(key) ??
    look(repository, question).finally(() => checking.delete(key));
  checking.set(key, running);
  await running;
}

async function look(
  repository: RepositoryRow,
  { reference, platform }: Pick<ImageQuestion, 'reference' | 'platform'>,
): Promise<void> {
  const { credentialId, ca, ...way } = await findPlace(
    {
      teamId: repository.teamId,
      host: repository.host,
      path: repository.path,
    },
    'stored_pull',
  );
  const options = {
    reference: `${repository.host}/${repository.path}${reference}`,
    platform,
    vantage: VANTAGE,
    ...way,
    ...(ca === undefined ? {} : { ownCa: ca }),
  };
  await store(
    repository,
    { reference, platform },
    await gather(repository.teamId, credentialId, options),
  );
}

function gather(
  teamId: string,
  credentialId: string | null,
  options: Parameters<typeof gatherAccess>[0],
): Promise<AccessEvidence> {
  if (credentialId === null) return gatherAccess(options);
  return withCredential(teamId, credentialId, { kind: 'look' }, (opened) =>
    gatherAccess({ ...options, credential: toCredential(opened) }),
  );
}

async function store(
  repository: RepositoryRow,
  question: Pick<ImageQuestion, 'reference' | 'platform'>,
  evidence: AccessEvidence,
): Promise<void> {
  const { state: verdict, digest } = judgeAccess(evidence);
  const place = {
    repositoryId: repository.id,
    ...question,
    identity: IDENTITY,
    vantage: VANTAGE,
  } as const;
  const seen = { verdict, digest, evidence, checkedAt: new Date(evidence.at) };
  await db().transaction(async (tx) => {
    await tx.insert(accessChecks).values({ ...place, ...seen });
    const insert = tx.insert(accessCurrent).values({ ...place, ...seen });
    const target = [
      accessCurrent.repositoryId,
      accessCurrent.reference,
      accessCurrent.identity,
      accessCurrent.platform,
      accessCurrent.vantage,
    ];
    // A rate limit says nothing about the image: the verdict before it stays.
    if (verdict === 'rate_limited') await insert.onConflictDoNothing();
    else await insert.onConflictDoUpdate({ target, set: seen });
    if (isGone(question.reference, verdict))
      await markGone(tx, repository.id, question.reference.slice(1));
    const tag = question.reference.startsWith(':')
      ? question.reference.slice(1)
      : null;
    if (tag !== null && digest !== null)
      await observeTag(tx, repository.id, tag, digest);
  });
}

/** Whether the registry says of a digest, and not merely to strangers, that it is not there. */
function isGone(reference: string, verdict: AccessVerdict): boolean {
  return (
    reference.startsWith('@') &&
    (verdict === 'missing_tag' || verdict === 'missing_repository')
  );
}

/** The latest stored answer, or `null` when nobody has looked yet. */
export async function findAccess(
  repository: Pick<RepositoryRow, 'id'>,
  question: Pick<ImageQuestion, 'reference' | 'platform'>,
): Promise<AccessView | null> {
  const [current] = await db()
    .select()
    .from(accessCurrent)
    .where(
      and(
        eq(accessCurrent.repositoryId, repository.id),
        eq(accessCurrent.reference, question.reference),
        eq(accessCurrent.identity, IDENTITY),
        eq(accessCurrent.platform, question.platform),
        eq(accessCurrent.vantage, VANTAGE),
      ),
    );
  if (!current) return null;
  const [later] = await db()
    .select({ id: accessChecks.id })
    .from(accessChecks)
    .where(
      and(
        eq(accessChecks.repositoryId, repository.id),
        eq(accessChecks.reference, question.reference),
        eq(accessChecks.platform, question.platform),
        gt(accessChecks.checkedAt, current.checkedAt),
      ),
    )
    .orderBy(desc(accessChecks.id))
    .limit(1);
  return {
    repositoryId: current.repositoryId,
    reference: current.reference,
    platform: current.platform,
    verdict: current.verdict,
    checkedAt: current.checkedAt.toISOString(),
    isStale: later !== undefined,
    evidence: AccessEvidence.parse(current.evidence),
  };
}

/** The answer for a digest on its own platform. */
export async function getAccess(
  actor: Actor,
  image: {
    repositoryId: string;
    digest: string;
    platform?: string | undefined;
  },
): Promise<AccessView | null> {
  const repository = await requireRepository(actor, image.repositoryId);
  const platform = image.platform ?? (await platformOf(image)) ?? 'linux/amd64';
  return findAccess(repository, { reference: `@${image.digest}`, platform });
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
