import type { AccessVerdict } from '@/lib/registry/access';
import type { CredentialOutcome } from '@/lib/registry/client/check-credential';
import type { RegistryErrorCode } from '@/lib/registry/errors';
import type {
  FakeOptions,
  FakeReply,
  FakeRequest,
  FakeRule,
} from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';

/** The repository and login that every behaviour is staged with. */
export const REPOSITORY = 'acme/etl';
export const LOGIN = { username: 'ci', password: 'canary-registries-4e' };

/** How an anonymous pull, refined by a stored credential where one is given, is judged. */
export type VerdictCase = {
  /** A sentence that ends the registry's name. */
  what: string;
  verdict: AccessVerdict;
  /** `:1` of the seeded repository when not said. */
  reference?: string;
  withCredential?: boolean;
  options?: FakeOptions;
  script?: FakeRule[];
};

/** What one of the client's verbs makes of an answer: its error, or `null` where it succeeds all the same. */
export type ClientCase = {
  what: string;
  verb:
    | 'headManifest'
    | 'getManifest'
    | 'deleteManifest'
    | 'headBlob'
    | 'listTags'
    | 'checkPush';
  code: RegistryErrorCode | null;
  isAnonymous?: boolean;
  options?: FakeOptions;
  script?: FakeRule[];
  /** What was asked, as `METHOD /path`, in order, where that is the point. */
  asked?: string[];
  /** The tags found, for `listTags`. */
  tags?: string[];
  /** What the test of a credential finds, for `checkPush`. */
  outcome?: CredentialOutcome;
};

/** How one registry behaves where it differs from the others. Facts as of `seen`; none was run against the real service. */
export type ScriptedRegistry = {
  name: string;
  seen: string;
  verdicts: VerdictCase[];
  client?: ClientCase[];
};

/** Whether the repository may be read by anyone: the token server of the fake asks it. */
export const isPublic = (repository: string) => repository === REPOSITORY;

/** Every request below `/v2/` that carries no login. */
export const isStranger = ({ path, headers }: FakeRequest) =>
  path.startsWith('/v2/') && headers.authorization === undefined;

export const isKnown = ({ path, headers }: FakeRequest) =>
  path.startsWith('/v2/') && headers.authorization !== undefined;

/** A 401 with one line of challenges. */
export function challenged(line: string, body = 'UNAUTHORIZED'): FakeReply {
  return failure(401, body, { 'www-authenticate': line });
}

/** An error in plain text, as some send it. */
export function plainText(status: number, text: string): FakeReply {
  return { status, headers: { 'content-type': 'text/plain' }, body: text };
}

/** An error with a body of its own. */
export function json(status: number, body: unknown): FakeReply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
