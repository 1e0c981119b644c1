import {
  type CredentialCheck,
  checkPull,
  checkPush,
} from './client/check-credential';
import { digestOf, isDigestOf, requireDigest } from './client/digest';
import { failedAnswer } from './client/failed-answer';
import {
  readReferrers,
  type ReferrerList,
  type ReferrerWay,
} from './client/list-referrers';
import { readCatalog, type RepositoryList } from './client/list-repositories';
import { readTags, type TagList } from './client/list-tags';
import {
  callBlob,
  callManifest,
  isFrontDoor,
  isSuccess,
  probeBlob,
} from './client/read';
import {
  type AuthWay,
  type CallResult,
  openSession,
  type Session,
  type SessionOptions,
} from './client/session';
import { type RegistryWriter, writeVerbs } from './client/write-verbs';
import { RegistryError } from './errors';
import {
  contentDigest,
  contentLength,
  type Exchange,
  header,
} from './evidence';
import { type ManifestReading, readManifest } from './manifest';
import { mediaTypeOf } from './media-types';
import { DIGEST } from './schema';

export type RegistryClientOptions = Omit<SessionOptions, 'verifyTls'>;

export type ManifestHead = {
  digest: string;
  mediaType: string;
  sizeBytes: number | null;
};
export type FetchedManifest = ManifestHead & {
  bytes: Buffer;
  manifest: ManifestReading;
};

/** One registry seen as one identity. Failures are `RegistryError`. */
export type RegistryClient = RegistryWriter & {
  /** Its host, as it stands in references. */
  registry: string;
  /** How the registry wants to be asked. Throws `REGISTRY_INVALID_ANSWER` when the host is none. */
  ping: () => Promise<{ auth: AuthWay }>;
  /** What a tag or digest points at now; a missing digest header is made up for by reading and hashing. */
  headManifest: (
    repository: string,
    reference: string,
    signal?: AbortSignal,
  ) => Promise<ManifestHead>;
  /** The bytes of a manifest, at most 4 MiB, hash checked. */
  getManifest: (
    repository: string,
    reference: string,
    signal?: AbortSignal,
  ) => Promise<FetchedManifest>;
  /** A small blob such as an image's config, hash checked. */
  getBlob: (
    repository: string,
    digest: string,
    maxBytes?: number,
    signal?: AbortSignal,
  ) => Promise<Buffer>;
  /** Whether a blob can be had, without transferring it. */
  headBlob: (
    repository: string,
    digest: string,
    signal?: AbortSignal,
  ) => Promise<{ sizeBytes: number | null }>;
  listTags: (
    repository: string,
    signal?: AbortSignal,
    maxPages?: number,
  ) => Promise<TagList>;
  /** Every repository, or `null` where the registry does not list them to this identity. */
  listRepositories: (signal?: AbortSignal) => Promise<RepositoryList | null>;
  /** What refers to a digest. `known` is the way that answered before, on the same registry. */
  listReferrers: (
    repository: string,
    digest: string,
    known: ReferrerWay | null,
    signal?: AbortSignal,
  ) => Promise<ReferrerList>;
  /** Whether the credential lets one pull; with no repository only whether it is accepted at all. */
  checkPull: (repository: string | null) => Promise<CredentialCheck>;
  /** Whether the credential lets one push to a repository; makes nothing there. */
  checkPush: (
    repository: string,
    isExisting: boolean,
  ) => Promise<CredentialCheck>;
  close: () => Promise<void>;
};

/**
 * Opens a client. Without `credential` it is anonymous and stays so: it has its own connections and tokens. Close it.
 *
 * @example
 * const client = openRegistry({ registry: 'ghcr.io', policy: { allow: [] } });
 * const { digest } = await client.headManifest('acme/etl', '1.4');
 */
export function openRegistry(options: RegistryClientOptions): RegistryClient {
  let exchanges: Exchange[] = [];
  const session = openSession({
    ...options,
    onExchange: (exchange) => {
      exchanges.push(exchange);
      options.onExchange?.(exchange);
    },
  });
  const withExchanges = async (
    check: Promise<Omit<CredentialCheck, 'exchanges'>>,
  ) => {
    const result = await check;
    return { ...result, exchanges };
  };

  return {
    ...writeVerbs(session),
    registry: session.registry,
    ping: () => ping(session),
    headManifest: async (repository, reference, signal) => {
      const head = await callManifest(
        session,
        'HEAD',
        repository,
        reference,
        signal,
      );
      const digest = contentDigest(head.headers);
      // Asking again with a GET would spend what the registry is short of.
      if (head.status === 429)
        throw failedAnswer(head, session, 'The manifest');
      if (!isSuccess(head) || digest === null)
        return fetchManifest(session, repository, reference, signal);
      if (DIGEST.test(reference) && digest !== reference)
        throw contradiction(session, reference);
      return {
        digest,
        mediaType: typeOf(head),
        sizeBytes: contentLength(head.headers),
      };
    },
    getManifest: (repository, reference, signal) =>
      fetchManifest(session, repository, reference, signal),
    getBlob: async (repository, digest, maxBytes = 4 * 1024 * 1024, signal) => {
      const answer = await callBlob(
        session,
        repository,
        digest,
        maxBytes,
        'blob',
        signal,
      );
      if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The blob');
      requireDigest(answer.body, digest, session.registry);
      return answer.body;
    },
    headBlob: async (repository, digest, signal) => {
      const answer = await probeBlob(
        session,
        repository,
        digest,
        'blob',
        signal,
      );
      if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The blob');
      return {
        sizeBytes: answer.status === 206 ? null : contentLength(answer.headers),
      };
    },
    listTags: (repository, signal, maxPages) =>
      readTags(session, repository, signal, maxPages),
    listRepositories: (signal) => readCatalog(session, signal),
    listReferrers: (repository, digest, known, signal) =>
      readReferrers(session, repository, digest, known, signal),
    checkPull: (repository) => {
      exchanges = [];
      return withExchanges(checkPull(session, repository));
    },
    checkPush: (repository, isExisting) => {
      exchanges = [];
      return withExchanges(checkPush(session, repository, isExisting));
    },
    close: () => session.close(),
  };
}

async function ping(session: Session): Promise<{ auth: AuthWay }> {
  const call = {
    method: 'GET',
    path: '/v2/',
    purpose: 'ping',
    scopes: [],
  } as const;
  try {
    const answer = await session.call(call);
    const isAsking =
      (answer.status === 401 || answer.status === 403) &&
      answer.auth !== 'unusable';
    if (isAsking || isFrontDoor(answer)) return { auth: answer.auth };
  } catch (error) {
    // A token server that gives nothing without a scope still belongs to a registry.
    const isToken =
      error instanceof RegistryError && error.facts.stage === 'token';
    if (!isToken || error.facts.status === undefined) throw error;
    return { auth: 'bearer' };
  }
  throw new RegistryError(
    'REGISTRY_INVALID_ANSWER',
    `${session.registry} does not answer as a registry does.`,
  );
}

async function fetchManifest(
  session: Session,
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<FetchedManifest> {
  const answer = await callManifest(
    session,
    'GET',
    repository,
    reference,
    signal,
  );
  if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The manifest');
  const said = contentDigest(answer.headers);
  const wanted = DIGEST.test(reference) ? reference : said;
  if (wanted !== null) requireDigest(answer.body, wanted, session.registry);
  if (said !== null && !isDigestOf(answer.body, said))
    throw contradiction(session, said);
  const mediaType = typeOf(answer);
  return {
    digest: wanted ?? digestOf(answer.body),
    mediaType,
    sizeBytes: answer.body.length,
    bytes: answer.body,
    manifest: readManifest(answer.body.toString('utf8'), mediaType),
  };
}

function contradiction({ registry }: Session, digest: string): RegistryError {
  return new RegistryError(
    'REGISTRY_INVALID_ANSWER',
    `${registry} answered with another digest than ${digest}.`,
  );
}

function typeOf(answer: CallResult): string {
  return mediaTypeOf(header(answer.headers, 'content-type'));
}
