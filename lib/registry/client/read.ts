import { repositoryScope } from '@/lib/registry/challenge';
import { type ExchangePurpose, header, isJson } from '@/lib/registry/evidence';
import { MANIFEST_ACCEPT } from '@/lib/registry/media-types';
import type { CallResult, Session } from './session';

/** Four MiB: the limit that registries themselves set on a manifest. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

const MANIFEST_HEADERS = { accept: MANIFEST_ACCEPT };

/** Asks for a manifest by tag or digest. The status is the caller's to judge. */
export function callManifest(
  session: Session,
  method: 'GET' | 'HEAD',
  repository: string,
  reference: string,
  signal?: AbortSignal,
): Promise<CallResult> {
  return session.call({
    method,
    path: `/v2/${repository}/manifests/${reference}`,
    purpose: 'manifest',
    scopes: [repositoryScope(repository, ['pull'])],
    headers: MANIFEST_HEADERS,
    limits: { maxBytes: MAX_MANIFEST_BYTES },
    signal,
  });
}

/** Reads a whole blob, `maxBytes` at most. */
export function callBlob(
  session: Session,
  repository: string,
  digest: string,
  maxBytes: number,
  purpose: ExchangePurpose,
  signal?: AbortSignal,
): Promise<CallResult> {
  return session.call({
    method: 'GET',
    path: `/v2/${repository}/blobs/${digest}`,
    purpose,
    scopes: [repositoryScope(repository, ['pull'])],
    limits: { maxBytes },
    signal,
  });
}

/**
 * Asks whether a blob can be had without transferring it: `HEAD`, and where that is refused (presigned storage URLs
 * allow `GET` only) one byte by `Range`, whose answer then counts.
 */
export async function probeBlob(
  session: Session,
  repository: string,
  digest: string,
  purpose: ExchangePurpose,
  signal?: AbortSignal,
): Promise<CallResult> {
  const call = {
    path: `/v2/${repository}/blobs/${digest}`,
    purpose,
    scopes: [repositoryScope(repository, ['pull'])],
    signal,
  };
  const head = await session.call({ ...call, method: 'HEAD' });
  const isRefused = head.isOwn
    ? head.status === 405 || head.status === 501
    : head.status >= 400 && head.status < 500 && head.status !== 429;
  if (!isRefused) return head;
  return session.call({
    ...call,
    method: 'GET',
    headers: { range: 'bytes=0-0' },
    isBodyIgnored: true,
  });
}

/** The first page of a repository's tags. */
export function tagsPath(repository: string): string {
  return `/v2/${repository}/tags/list?n=1000`;
}

/** One page of tags; `path` comes from `Link` after the first. */
export function callTags(
  session: Session,
  repository: string,
  path = tagsPath(repository),
  signal?: AbortSignal,
): Promise<CallResult> {
  return session.call({
    method: 'GET',
    path,
    purpose: 'tags',
    scopes: [repositoryScope(repository, ['pull'])],
    signal,
  });
}

export function isSuccess({ status }: { status: number }): boolean {
  return status >= 200 && status < 300;
}

/** Whether a `/v2/` that answers 200 is a registry's: a web server shows a page there. */
export function isFrontDoor(answer: CallResult): boolean {
  if (!isSuccess(answer)) return false;
  const isNamed =
    header(answer.headers, 'docker-distribution-api-version') !== undefined;
  return isNamed || answer.body.length === 0 || isJson(answer.body);
}
