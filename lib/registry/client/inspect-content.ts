import type { Probe } from '@/lib/registry/access-evidence';
import { contentDigest, header } from '@/lib/registry/evidence';
import { type ImageConfig, readConfig } from '@/lib/registry/manifest';
import { findManifest, keepConfig, keepManifest } from './content-cache';
import { isDigestOf } from './digest';
import type { Asked } from './inspect-image';
import { attempt } from './probe';
import { callBlob, callManifest, isSuccess, probeBlob } from './read';
import type { CallResult } from './session';

const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

export type Content = { body: Buffer; mediaType: string };
type Attempt = Awaited<ReturnType<typeof attempt>>;

/** A manifest by its digest: a HEAD where its bytes are known, else a GET. `head` is one that was sent already. */
export async function readManifestOf(
  { session, repository, signal, cache }: Asked,
  digest: string,
  head: Attempt | null = null,
): Promise<{ probe: Probe; content: Content | null }> {
  const known = await findManifest(cache, digest);
  if (known) {
    const { probe, answer } =
      head ??
      (await attempt(
        callManifest(session, 'HEAD', repository, digest, signal),
      ));
    const said = answer && contentDigest(answer.headers);
    const isIt = answer && isSuccess(answer) && (said ?? digest) === digest;
    if (isIt) return { probe, content: known };
    if (!answer || answer.status === 429) return { probe, content: null };
  }
  const { probe, answer } = await attempt(
    callManifest(session, 'GET', repository, digest, signal),
  );
  if (!answer || !isSuccess(answer)) return { probe, content: null };
  const content = toContent(answer);
  await keepManifest(cache, digest, content);
  return { probe, content };
}

export function toContent({ body, headers }: CallResult): Content {
  return { body, mediaType: header(headers, 'content-type') ?? '' };
}

/** A config by its digest: a HEAD where what it says is known, else a GET. `null` when it could not be had. */
export async function readConfigOf(
  { session, repository, signal, cache }: Asked,
  digest: string,
): Promise<{ probe: Probe; config: ImageConfig | 'invalid' | null }> {
  const known = await cache?.find(digest);
  const config = known ? readConfig(known.text) : null;
  if (config) {
    const { probe, answer } = await attempt(
      probeBlob(session, repository, digest, 'config', signal),
    );
    return { probe, config: answer && isSuccess(answer) ? config : null };
  }
  const { probe, answer } = await attempt(
    callBlob(session, repository, digest, MAX_CONFIG_BYTES, 'config', signal),
  );
  if (!answer || !isSuccess(answer)) return { probe, config: null };
  const read = isDigestOf(answer.body, digest)
    ? readConfig(answer.body.toString('utf8'))
    : null;
  if (read) await keepConfig(cache, digest, read);
  return { probe, config: read ?? 'invalid' };
}
