import 'server-only';
import { AppError } from '@/lib/errors';
import { log } from '@/lib/log';
import {
  type AccessEvidence,
  type AccessIdentity,
  IDENTITIES,
} from '@/lib/registry/access-evidence';
import {
  gatherAccess,
  type GatherOptions,
} from '@/lib/registry/client/gather-access';
import { chooseCredential } from '@/lib/registry/credential';
import type { SessionShare } from '@/lib/registry/client/session';
import type { ImageQuestion } from '@/lib/registry/forms';
import { storeLook, VANTAGE } from '@/lib/services/access-store';
import { type CredentialRow, withCredential } from '@/lib/services/credentials';
import { seatOf, withShare } from '@/lib/services/polite-clients';
import {
  findPlace,
  type RegistryPlace,
  toCredential,
} from '@/lib/services/registry-clients';
import { contentCache } from '@/lib/services/registry-contents';
import { withLimits } from '@/lib/services/registry-limits';
import type { RepositoryRow } from '@/lib/services/repositories';

type Question = Pick<ImageQuestion, 'reference' | 'platform'>;

export type LookOptions = {
  /** A person, or the build that just pushed, waits for it. */
  isUrgent: boolean;
  /** Every layer, or a sample of them. */
  depth: 'all' | 'sampled';
};

type Look = {
  repository: RepositoryRow;
  question: Question;
  place: RegistryPlace;
  how: LookOptions;
};

/** The identities that can be asked about a place, nobody first: those the team keeps a credential for. */
export function identitiesAt({ credentials }: RegistryPlace): AccessIdentity[] {
  const kept = (['pull', 'push', 'cluster'] as const).filter((purpose) =>
    credentials.some((one) => one.purpose === purpose),
  );
  return ['anonymous', ...kept.map((purpose) => IDENTITIES[purpose])];
}

const checking = new Map<string, Promise<AccessEvidence[]>>();

/**
 * Looks at a reference as every identity there is, and stores what each saw, one row apart from the other. Two who ask
 * at once share one look.
 */
export async function lookAtAccess(
  repository: RepositoryRow,
  question: Question,
  how: LookOptions,
): Promise<AccessEvidence[]> {
  const key = `${repository.id}${question.reference} ${question.platform} ${how.depth}`;
  const running =
    checking.get(key) ??
    lookAsAll(repository, question, how).finally(() => checking.delete(key));
  checking.set(key, running);
  return running;
}

async function lookAsAll(
  repository: RepositoryRow,
  question: Question,
  how: LookOptions,
): Promise<AccessEvidence[]> {
  const { teamId, host, path } = repository;
  const place = await findPlace({ teamId, host, path });
  const look = { repository, question, place, how };
  const seen = await Promise.all([
    lookAsNobody(look),
    ...place.credentials.map((credential) => lookAs(look, credential)),
  ]);
  const evidence = seen.filter((one) => one !== null);
  // One after the other: two that saw the same tag must not wait for each other's rows.
  for (const one of evidence) await storeLook(repository, question, one);
  return evidence;
}

/** The anonymous look. The credential that may pull only ever explains a refusal. */
async function lookAsNobody(look: Look): Promise<AccessEvidence> {
  const kept = chooseCredential(look.place.credentials, 'pull');
  if (!kept) return gather(look, 'anonymous', null);
  const explained = await spend(look, kept, (credential) =>
    gather(look, 'anonymous', null, credential),
  );
  return explained ?? gather(look, 'anonymous', null);
}

function lookAs(
  look: Look,
  kept: CredentialRow,
): Promise<AccessEvidence | null> {
  return spend(look, kept, (credential) =>
    gather(look, IDENTITIES[kept.purpose], kept.id, credential),
  );
}

/** A credential that cannot be used now (its cloud does not answer, its key is another) leaves the last answer as it is. */
async function spend<T>(
  { repository }: Look,
  kept: CredentialRow,
  ask: (credential: ReturnType<typeof toCredential>) => Promise<T>,
): Promise<T | null> {
  try {
    return await withCredential(
      repository.teamId,
      kept.id,
      { kind: 'look' },
      (opened) => ask(toCredential(opened)),
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.info(
      { code: error.code, credential: kept.id },
      'a credential could not be used for a look',
    );
    return null;
  }
}

async function gather(
  { repository, question, place, how }: Look,
  identity: AccessIdentity,
  credentialId: string | null,
  credential?: GatherOptions['credential'],
): Promise<AccessEvidence> {
  const { host, path, teamId } = repository;
  const { plainHttp, policy, ca } = place;
  const asker = credentialId ?? 'anonymous';
  const asked = { teamId, host, plainHttp, identity, asker };
  const seat = seatOf(teamId, asker, how.isUrgent);
  const look = (share: SessionShare) =>
    gatherAccess({
      reference: `${host}/${path}${question.reference}`,
      platform: question.platform,
      vantage: VANTAGE,
      identity,
      depth: how.depth,
      cache: contentCache(teamId),
      plainHttp,
      policy,
      share,
      seat,
      ...(ca === undefined ? {} : { ownCa: ca }),
      ...(credential ? { credential } : {}),
    });
  return withLimits(asked, async (note) => {
    const evidence = await withShare({ host, plainHttp, policy }, seat, look);
    for (const exchange of evidence.exchanges)
      if ((exchange.identity === 'anonymous') === (identity === 'anonymous'))
        note(exchange);
    return evidence;
  });
}
