import 'server-only';
import { and, desc, eq, notInArray } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { accessChecks, accessCurrent } from '@/db/schema';
import { type AccessVerdict, judgeAccess } from '@/lib/registry/access';
import type { AccessEvidence } from '@/lib/registry/access-evidence';
import { alertSubject, judgeChange } from '@/lib/registry/alerts';
import type { ImageQuestion } from '@/lib/registry/forms';
import { isInUse } from '@/lib/services/in-use';
import { findStanding, raiseAlert, resolveAlert } from '@/lib/services/alerts';
import { markGone, markFound } from '@/lib/services/manifest-presence';
import type { RepositoryRow } from '@/lib/services/repositories';
import { observeTag } from '@/lib/services/tags';

/** Where the looks of this server are taken from. */
export const VANTAGE = 'server';

type Question = Pick<ImageQuestion, 'reference' | 'platform'>;
type Place = Question & {
  repositoryId: string;
  identity: AccessEvidence['identity'];
  vantage: string;
};
type CurrentRow = typeof accessCurrent.$inferSelect;

/**
 * Stores what one identity saw: the answer that holds now, and a line of history where it is another than before. A rate
 * limit says nothing about the image: the answer before it stays, marked stale.
 */
export async function storeLook(
  repository: RepositoryRow,
  question: Question,
  evidence: AccessEvidence,
): Promise<void> {
  const { state: verdict, digest } = judgeAccess(evidence);
  const { identity } = evidence;
  const place: Place = {
    repositoryId: repository.id,
    ...question,
    identity,
    vantage: VANTAGE,
  };
  const seen = { verdict, digest, evidence, checkedAt: new Date(evidence.at) };
  await db().transaction(async (tx) => {
    const current = await lockCurrent(tx, place);
    if (verdict === 'rate_limited') {
      await storeLimited(tx, place, current, seen);
      return;
    }
    const isSame = current?.verdict === verdict && current.digest === digest;
    const unchanged = isSame ? current.unchanged + 1 : 0;
    const facts = {
      ...seen,
      unchanged,
      changedAt: isSame ? current.changedAt : seen.checkedAt,
      limitedAt: null,
    };
    await upsert(tx, place, facts);
    if (!isSame) await tx.insert(accessChecks).values({ ...place, ...seen });
    const before = current?.verdict ?? null;
    await tellChange(tx, repository, place, { ...seen, before, unchanged });
    await observe(tx, repository, question.reference, verdict, digest);
  });
}

async function lockCurrent(
  tx: Transaction,
  place: Place,
): Promise<CurrentRow | undefined> {
  const [row] = await tx
    .select()
    .from(accessCurrent)
    .where(
      and(
        eq(accessCurrent.repositoryId, place.repositoryId),
        eq(accessCurrent.reference, place.reference),
        eq(accessCurrent.identity, place.identity),
        eq(accessCurrent.platform, place.platform),
        eq(accessCurrent.vantage, place.vantage),
      ),
    )
    .for('update');
  return row;
}

type Seen = Pick<CurrentRow, 'verdict' | 'digest' | 'evidence' | 'checkedAt'>;

async function storeLimited(
  tx: Transaction,
  place: Place,
  current: CurrentRow | undefined,
  seen: Seen,
): Promise<void> {
  // A long limit is one line of history, however often it is run into.
  if (!current?.limitedAt)
    await tx.insert(accessChecks).values({ ...place, ...seen });
  const limitedAt = seen.checkedAt;
  const facts = current
    ? { ...current, limitedAt }
    : { ...seen, changedAt: limitedAt, unchanged: 0, limitedAt };
  await upsert(tx, place, facts);
}

async function upsert(
  tx: Transaction,
  place: Place,
  facts: Omit<CurrentRow, keyof Place>,
): Promise<void> {
  await tx
    .insert(accessCurrent)
    .values({ ...facts, ...place })
    .onConflictDoUpdate({
      target: [
        accessCurrent.repositoryId,
        accessCurrent.reference,
        accessCurrent.identity,
        accessCurrent.platform,
        accessCurrent.vantage,
      ],
      set: {
        verdict: facts.verdict,
        digest: facts.digest,
        evidence: facts.evidence,
        checkedAt: facts.checkedAt,
        changedAt: facts.changedAt,
        unchanged: facts.unchanged,
        limitedAt: facts.limitedAt,
      },
    });
}

/** What nobody can pull, or the cluster cannot, needs a person when it is in use; the other credentials have tests of their own. */
async function tellChange(
  tx: Transaction,
  repository: RepositoryRow,
  place: Place,
  seen: Seen & { before: AccessVerdict | null; unchanged: number },
): Promise<void> {
  const { reference, platform, identity } = place;
  if (identity !== 'anonymous' && identity !== 'cluster') return;
  const { before: from, verdict: to, digest } = seen;
  const judged = judgeChange({ from, to, unchanged: seen.unchanged });
  if (judged === null) return;
  const known =
    from === to ? await readBefore(tx, repository.id, place, to) : from;
  const detail = {
    kind: 'access_changed' as const,
    version: 1 as const,
    repositoryId: repository.id,
    repository: `${repository.host}/${repository.path}`,
    reference,
    platform,
    identity,
    from: known,
    to,
    digest: digest ?? (reference.startsWith('@') ? reference.slice(1) : null),
  };
  const { teamId } = repository;
  const subject = alertSubject(detail);
  const standing = await findStanding(tx, teamId, detail.kind, subject);
  // What it was before it got worse: back there, nothing is left to mend.
  const wasAtFirst = standing ? standing.from : known;
  if (judged === 'over' || (standing && wasAtFirst === to))
    await resolveAlert(tx, teamId, detail.kind, subject);
  else if (await isInUse(tx, repository.id, reference))
    await raiseAlert(tx, teamId, { ...detail, from: wasAtFirst });
}

/** The last answer other than this one. */
async function readBefore(
  tx: Transaction,
  repositoryId: string,
  { reference, platform, identity, vantage }: Place,
  verdict: AccessVerdict,
): Promise<AccessVerdict | null> {
  const [row] = await tx
    .select({ verdict: accessChecks.verdict })
    .from(accessChecks)
    .where(
      and(
        eq(accessChecks.repositoryId, repositoryId),
        eq(accessChecks.reference, reference),
        eq(accessChecks.platform, platform),
        eq(accessChecks.identity, identity),
        eq(accessChecks.vantage, vantage),
        notInArray(accessChecks.verdict, [verdict, 'rate_limited']),
      ),
    )
    .orderBy(desc(accessChecks.checkedAt), desc(accessChecks.id))
    .limit(1);
  return row?.verdict ?? null;
}

/** What a look says beside who may pull: where a tag points, and whether a digest is there at all. */
async function observe(
  tx: Transaction,
  repository: RepositoryRow,
  reference: string,
  verdict: AccessVerdict,
  digest: string | null,
): Promise<void> {
  const name = reference.slice(1);
  if (reference.startsWith(':')) {
    if (digest !== null) await observeTag(tx, repository, name, digest);
    return;
  }
  // Said of the digest itself, and not merely to strangers.
  if (verdict === 'missing_tag' || verdict === 'missing_repository')
    await markGone(tx, repository, name);
  else if (digest === name) await markFound(tx, repository, name);
}
