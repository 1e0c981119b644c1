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

// No registry gives out this id.
const NO_UPLOAD = '00000000-0000-4000-8000-000000000000';

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
 * Tests a credential for pushing without making anything: it asks to go on with an upload that does not exist, which
 * who may push is told, and who may not is refused. Where the answer does not decide, it opens an upload and cancels
 * it. Quay would create a missing repository as soon as it is asked, so there a repository that is not known to exist
 * gives `unknown` without a request. Throws as `checkPull` does.
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
  const call = {
    purpose: 'upload',
    scopes,
    headers: { 'content-type': 'application/octet-stream' },
  } as const;
  const path = `/v2/${repository}/blobs/uploads/`;
  const nowhere = await unlessDenied(
    session.call({ ...call, method: 'PATCH', path: path + NO_UPLOAD }),
  );
  if (nowhere && /^BLOB_UPLOAD_/.test(upstreamCode(nowhere.body) ?? '')) {
    return pushable(session, repository, nowhere, '');
  }
  if (nowhere === null || nowhere.status === 401)
    return judgeRefusal(session, repository);
  const opened = await unlessDenied(
    session.call({ ...call, method: 'POST', path }),
  );
  if (opened === null || [401, 403, 405].includes(opened.status))
    return judgeRefusal(session, repository);
  if (opened.status === 404 && upstreamCode(opened.body) !== null) {
    return found(
      'unknown',
      `${repository} does not exist on ${registry}, which wants it created before the first push.`,
    );
  }
  if (opened.status !== 202) throw failedAnswer(opened, session, 'The upload');
  const isGone = await cancelUpload(session, opened, scopes);
  const rest = isGone
    ? ''
    : ' It could not cancel the upload it opened for this; the registry lets it expire.';
  return pushable(session, repository, opened, rest);
}

function pushable(
  { registry }: Session,
  repository: string,
  answer: CallResult,
  rest: string,
): Finding {
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

/** Tells a credential that may not push from one that is wrong. */
async function judgeRefusal(
  session: Session,
  repository: string,
): Promise<Finding> {
  const login = await checkLogin(session, repository);
  return login.outcome === 'accepted'
    ? found(
        'no_access',
        `${session.registry} accepts the credential, but does not let it push to ${repository}.`,
      )
    : found(
        'refused',
        `${session.registry} does not let this credential push to ${repository}.`,
      );
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
  // A registry that asks to wait, or is down, says nothing of what it is.
  if (answer.status === 429 || answer.status >= 500)
    throw failedAnswer(answer, session, 'The registry');
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
