import type { Readable } from 'node:stream';
import { repositoryScope } from '@/lib/registry/challenge';
import { RegistryError } from '@/lib/registry/errors';
import { contentDigest, header, upstreamCode } from '@/lib/registry/evidence';
import { failedAnswer } from './failed-answer';
import { isSuccess } from './read';
import type { CallResult, Session } from './session';

/** How long a single blob may take, and how long a registry may think about the last byte of it. */
const BLOB_LIMITS = { totalMs: 6 * 3_600_000, headersMs: 10 * 60_000 };

const pushScope = (repository: string) => [
  repositoryScope(repository, ['pull', 'push']),
];

export type ManifestBytes = { bytes: Uint8Array; mediaType: string };

/**
 * Puts a manifest under a tag or its digest, bytes as they are. `knowsSubject` is what the registry says with
 * `OCI-Subject`: false for a manifest with a subject means that its referrers list is the pusher's to keep. Throws as
 * `failedAnswer` says, and `REGISTRY_INVALID_ANSWER` when the registry made another digest of it.
 */
export async function putManifest(
  session: Session,
  repository: string,
  reference: string,
  { bytes, mediaType }: ManifestBytes,
  digest: string,
  signal?: AbortSignal,
): Promise<{ knowsSubject: boolean }> {
  const answer = await session.call({
    method: 'PUT',
    path: `/v2/${repository}/manifests/${reference}`,
    purpose: 'manifest',
    scopes: pushScope(repository),
    headers: { 'content-type': mediaType },
    body: bytes,
    signal,
  });
  if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The manifest');
  const said = contentDigest(answer.headers);
  if (said !== null && said !== digest) {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `${session.registry} stored ${digest} as ${said}.`,
      { facts: { stage: 'registry' } },
    );
  }
  return { knowsSubject: header(answer.headers, 'oci-subject') !== undefined };
}

/**
 * Deletes a tag or a digest (and with a digest every tag on it). Asks without the `delete` action first: Quay's token
 * server refuses to name it, and who needs it says so in the challenge. What is not there counts as deleted. Throws
 * `REGISTRY_UNSUPPORTED` where the registry does not delete such a thing, else as `failedAnswer` says.
 */
export async function deleteManifest(
  session: Session,
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<void> {
  const answer = await session.call({
    method: 'DELETE',
    path: `/v2/${repository}/manifests/${reference}`,
    purpose: 'manifest',
    scopes: pushScope(repository),
    signal,
  });
  if (isSuccess(answer) || isMissing(answer)) return;
  const isTag = !reference.includes(':');
  const isUnsupported =
    [405, 501].includes(answer.status) ||
    upstreamCode(answer.body) === 'UNSUPPORTED' ||
    (isTag && answer.status === 400);
  if (!isUnsupported) throw failedAnswer(answer, session, 'The deletion');
  throw new RegistryError(
    'REGISTRY_UNSUPPORTED',
    isTag
      ? `${session.registry} does not delete single tags, only whole digests.`
      : `${session.registry} does not delete images by its registry API.`,
    { facts: { stage: 'registry', status: answer.status } },
  );
}

function isMissing(answer: CallResult): boolean {
  return (
    answer.status === 404 &&
    /^(?:MANIFEST|NAME)_UNKNOWN$|^NOT_FOUND$/.test(
      upstreamCode(answer.body) ?? '',
    )
  );
}

/** An upload that was begun; `null` when the registry took the blob from another of its repositories instead. */
type Upload = { url: URL } | null;

/**
 * Begins the upload of a blob, asking first that it be mounted `from` another repository of the same registry. Throws
 * as `failedAnswer` says, and `REGISTRY_BLOCKED` when the upload would go to another host.
 */
export async function beginUpload(
  session: Session,
  repository: string,
  digest: string,
  from: string | null,
  signal?: AbortSignal,
): Promise<Upload> {
  const path = `/v2/${repository}/blobs/uploads/`;
  const mount =
    from === null
      ? ''
      : `?${new URLSearchParams({ mount: digest, from }).toString()}`;
  const scopes = pushScope(repository);
  const answer = await session.call({
    method: 'POST',
    path: path + mount,
    purpose: 'upload',
    scopes:
      from === null ? scopes : [...scopes, repositoryScope(from, ['pull'])],
    signal,
  });
  if (answer.status === 201) return null;
  // A registry that may not or will not mount says so in many ways; then the bytes are sent.
  if (from !== null && answer.status !== 202)
    return beginUpload(session, repository, digest, null, signal);
  if (answer.status !== 202) throw failedAnswer(answer, session, 'The upload');
  const location = header(answer.headers, 'location') ?? '';
  const url = URL.canParse(location, answer.url)
    ? new URL(location, answer.url)
    : null;
  if (location === '' || url === null) {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `${session.registry} does not say where to upload to.`,
      { facts: { stage: 'registry' } },
    );
  }
  if (url.origin !== session.origin.origin) {
    throw new RegistryError(
      'REGISTRY_BLOCKED',
      `${session.registry} wants the upload on another host.`,
      { facts: { blocked: 'upload_location' } },
    );
  }
  return { url };
}

/** Sends a whole blob to a begun upload, as fast as `body` gives it. Throws as `failedAnswer` says. */
export async function sendBlob(
  session: Session,
  repository: string,
  upload: NonNullable<Upload>,
  blob: { digest: string; sizeBytes: number },
  body: Readable,
  signal?: AbortSignal,
): Promise<void> {
  const { pathname, search } = upload.url;
  const answer = await session.call({
    method: 'PUT',
    path: `${pathname}${search}${search === '' ? '?' : '&'}digest=${blob.digest}`,
    purpose: 'upload',
    scopes: pushScope(repository),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(blob.sizeBytes),
    },
    body,
    limits: BLOB_LIMITS,
    signal,
  });
  if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The upload');
}

/** Hands a blob of any size to `consume` piece by piece; whether it hashes to its digest is the consumer's to check. */
export async function streamBlob(
  session: Session,
  repository: string,
  digest: string,
  consume: (body: Readable) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const answer = await session.call({
    method: 'GET',
    path: `/v2/${repository}/blobs/${digest}`,
    purpose: 'blob',
    scopes: [repositoryScope(repository, ['pull'])],
    limits: { totalMs: BLOB_LIMITS.totalMs, headersMs: 60_000 },
    consume,
    signal,
  });
  if (!isSuccess(answer)) throw failedAnswer(answer, session, 'The blob');
}
