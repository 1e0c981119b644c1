import { repositoryScope } from '@/lib/registry/challenge';
import { RegistryError } from '@/lib/registry/errors';
import { type Exchange, header, upstreamCode } from '@/lib/registry/evidence';
import { failedAnswer } from './failed-answer';
import { callTags, isFrontDoor, isSuccess } from './read';
import type { CallResult, Session } from './session';

export const CREDENTIAL_OUTCOMES = [
  'accepted',
  'not_needed',
  'no_access',
  'refused',
  'unknown',
] as const;
/**
 * `accepted` and `refused` speak of the credential itself; `no_access`: accepted, but not for this; `not_needed`: the
 * registry serves everybody and never looked at it; `unknown`: the registry gives no way to find out.
 */
export type CredentialOutcome = (typeof CREDENTIAL_OUTCOMES)[number];

export type CredentialCheck = {
  outcome: CredentialOutcome;
  explanation: string;
  exchanges: Exchange[];
};

type Finding = Omit<CredentialCheck, 'exchanges'>;

/**
 * Tests a credential for pulling, with requests that read nothing but a list of tags. Throws `RegistryError` for what
 * is not about the credential: unreachable, blocked, an unbound realm, no registry.
 */
export async function checkPull(
  session: Session,
  repository: string | null,
): Promise<Finding> {
  const { registry } = session;
  const login = await checkLogin(session, repository);
  if (repository === null || login.outcome === 'refused') return login;
  const answer = await unlessDenied(
    callTags(session, repository, `/v2/${repository}/tags/list?n=1`),
  );
  if (answer === null || answer.status === 401 || answer.status === 403) {
    return login.outcome === 'accepted'
      ? found(
          'no_access',
          `${registry} accepts the credential, but does not let it read ${repository}, or that does not exist.`,
        )
      : found(
          'refused',
          `${registry} does not let this credential read ${repository}.`,
        );
  }
  if (answer.status === 404 && upstreamCode(answer.body) !== null) {
    return login.outcome === 'accepted'
      ? found(
          'accepted',
          `${registry} accepts the credential. ${repository} does not exist there yet.`,
        )
      : found(
          login.outcome,
          `${login.explanation} ${repository} does not exist there yet.`,
        );
  }
  if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The tag list');
  return answer.auth === 'none'
    ? found(
        'not_needed',
        `${registry} lets anyone read ${repository}; the credential was not asked for.`,
      )
    : found('accepted', `${registry} lets this credential read ${repository}.`);
}

/**
 * Tests a credential for pushing: opens an upload, which every registry allows only to who may push, and cancels it.
 * No blob, tag or repository is made. Quay would create a missing repository as soon as it is asked, so there a
 * repository that is not known to exist gives `unknown` without a request. Throws as `checkPull` does.
 */
export async function checkPush(
  session: Session,
  repository: string,
  isExisting: boolean,
): Promise<Finding> {
  const { registry } = session;
  if (registry === 'quay.io' && !isExisting) {
    return found(
      'unknown',
      'Quay creates a repository when asked about it, so push is first tried by the first build.',
    );
  }
  const scopes = [repositoryScope(repository, ['pull', 'push'])];
  const answer = await unlessDenied(
    session.call({
      method: 'POST',
      path: `/v2/${repository}/blobs/uploads/`,
      purpose: 'upload',
      scopes,
    }),
  );
  if (answer?.status === 202) {
    const isGone = await cancelUpload(session, answer, scopes);
    const rest = isGone
      ? ''
      : ' It could not cancel the upload it opened for this; the registry lets it expire.';
    return answer.auth === 'none'
      ? found(
          'not_needed',
          `${registry} lets anyone push to ${repository}.${rest}`,
        )
      : found(
          'accepted',
          `${registry} lets this credential push to ${repository}.${rest}`,
        );
  }
  if (answer === null || [401, 403, 405].includes(answer.status)) {
    const login = await checkLogin(session, repository);
    return login.outcome === 'accepted'
      ? found(
          'no_access',
          `${registry} accepts the credential, but does not let it push to ${repository}.`,
        )
      : found(
          'refused',
          `${registry} does not let this credential push to ${repository}.`,
        );
  }
  if (answer.status === 404 && upstreamCode(answer.body) !== null) {
    return found(
      'unknown',
      `${repository} does not exist on ${registry}, which wants it created before the first push.`,
    );
  }
  throw failedAnswer(answer, session, 'The upload');
}

/** Whether the registry takes the credential at its front door, for whatever it may allow further in. */
async function checkLogin(
  session: Session,
  repository: string | null,
): Promise<Finding> {
  const { registry } = session;
  const scopes =
    repository === null ? [] : [repositoryScope(repository, ['pull'])];
  const ping = (tried: string[]) =>
    unlessDenied(
      session.call({
        method: 'GET',
        path: '/v2/',
        purpose: 'ping',
        scopes: tried,
      }),
    );
  let answer: CallResult | null;
  try {
    answer = await ping([]);
  } catch (error) {
    // Quay and gcr.io refuse to give a token for no scope at all.
    const isScopeless =
      error instanceof RegistryError && error.facts.misconfiguredAuth === true;
    if (!isScopeless || scopes.length === 0) throw error;
    answer = await ping(scopes);
  }
  if (answer === null || answer.status === 401 || answer.status === 403) {
    return found('refused', `${registry} refuses this credential.`);
  }
  if (!isFrontDoor(answer)) {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `${registry} does not answer as a registry does.`,
      {
        facts: { stage: 'registry', status: answer.status },
      },
    );
  }
  return answer.auth === 'none'
    ? found(
        'not_needed',
        `${registry} answers without asking for a credential.`,
      )
    : found('accepted', `${registry} accepts this credential.`);
}

async function cancelUpload(
  session: Session,
  opened: CallResult,
  scopes: string[],
): Promise<boolean> {
  const location = header(opened.headers, 'location') ?? '';
  const url = URL.canParse(location, opened.url)
    ? new URL(location, opened.url)
    : null;
  // The credential goes to the registry itself, never to where its answer points.
  if (url?.origin !== session.origin.origin) return false;
  try {
    const answer = await session.call({
      method: 'DELETE',
      path: url.pathname + url.search,
      purpose: 'upload',
      scopes,
    });
    return isSuccess(answer) || answer.status === 404;
  } catch {
    return false;
  }
}

/** Null when the token server said no: a refusal is an answer here. */
async function unlessDenied(
  call: Promise<CallResult>,
): Promise<CallResult | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'REGISTRY_DENIED')
      return null;
    throw error;
  }
}

function found(outcome: CredentialOutcome, explanation: string): Finding {
  return { outcome, explanation };
}
