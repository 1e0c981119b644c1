import { z } from 'zod';
import { repositoryScope } from '@/lib/registry/challenge';
import { Digest } from '@/lib/registry/schema';
import { parseJson } from '@/lib/registry/evidence';
import { failedAnswer } from './failed-answer';
import { callManifest, isSuccess } from './read';
import type { Session } from './session';

/** What hangs on a manifest: a signature, an SBOM, a provenance statement. */
export type Referrer = {
  digest: string;
  mediaType: string;
  sizeBytes: number;
  artifactType: string | null;
  annotations: Record<string, string>;
};

/** How a registry tells of referrers; `tag` is the fallback of registries without the API. */
export type ReferrerWay = 'api' | 'tag';

export type ReferrerList = {
  referrers: Referrer[];
  /** The way that answered, to be tried first next time. */
  way: ReferrerWay;
};

const Index = z.object({
  manifests: z.array(
    z.object({
      digest: Digest,
      mediaType: z.string().max(255).default(''),
      size: z.int().nonnegative().default(0),
      artifactType: z.string().max(255).nullish(),
      annotations: z.record(z.string(), z.string()).nullish(),
    }),
  ),
});

/** The tag under which clients keep the referrers of a digest where the registry has no API for them. */
export function referrersTag(digest: string): string {
  return digest.replace(':', '-').slice(0, 128);
}

/**
 * What refers to a digest (distribution-spec, listing referrers). A 404 of the API, or an answer that is no index, as
 * of a login page, means that the registry has none: then the fallback tag is read. Throws as `failedAnswer` says.
 */
export async function readReferrers(
  session: Session,
  repository: string,
  digest: string,
  known: ReferrerWay | null,
  signal?: AbortSignal,
): Promise<ReferrerList> {
  if (known !== 'tag') {
    const answer = await session.call({
      method: 'GET',
      path: `/v2/${repository}/referrers/${digest}`,
      purpose: 'referrers',
      scopes: [repositoryScope(repository, ['pull'])],
      signal,
    });
    const referrers = isSuccess(answer) ? readIndex(answer.body) : null;
    if (referrers) return { referrers, way: 'api' };
    const isMissing =
      isSuccess(answer) || [400, 404, 405, 501].includes(answer.status);
    if (!isMissing)
      throw failedAnswer(answer, session, 'The list of referrers');
  }
  const answer = await callManifest(
    session,
    'GET',
    repository,
    referrersTag(digest),
    signal,
  );
  if (answer.status === 404) return { referrers: [], way: 'tag' };
  if (!isSuccess(answer))
    throw failedAnswer(answer, session, 'The list of referrers');
  return { referrers: readIndex(answer.body) ?? [], way: 'tag' };
}

function readIndex(body: Uint8Array): Referrer[] | null {
  const index = Index.safeParse(parseJson(body)).data;
  if (!index) return null;
  return index.manifests.map((one) => ({
    digest: one.digest,
    mediaType: one.mediaType,
    sizeBytes: one.size,
    artifactType: one.artifactType ?? null,
    annotations: one.annotations ?? {},
  }));
}
