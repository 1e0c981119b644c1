import {
  configPlatform,
  type ImageConfig,
  readManifest,
} from '@/lib/registry/manifest';
import { isDigestOf } from './digest';

/** A manifest as it was read, or of a config what a check needs. */
export type CachedContent = { mediaType: string; text: string };

/**
 * What digests stand for, kept because it can never change. Whether it may be had is another matter, and asked each
 * time. One cache belongs to one team: a digest alone must not let another read what it names.
 */
export type ContentCache = {
  find: (digest: string) => Promise<CachedContent | null>;
  keep: (digest: string, content: CachedContent) => Promise<void>;
};

/** Larger manifests are read again each time. */
const MAX_KEPT_BYTES = 256 * 1024;

/** A manifest from the cache; null when it is not there, or not what its digest says. */
export async function findManifest(
  cache: ContentCache | undefined,
  digest: string,
): Promise<{ body: Buffer; mediaType: string } | null> {
  const found = await cache?.find(digest);
  if (!found) return null;
  const body = Buffer.from(found.text, 'utf8');
  return isDigestOf(body, digest) ? { body, mediaType: found.mediaType } : null;
}

/** Keeps a manifest whose bytes hash to the digest. Only what can be read is kept. */
export async function keepManifest(
  cache: ContentCache | undefined,
  digest: string,
  { body, mediaType }: { body: Buffer; mediaType: string },
): Promise<void> {
  if (!cache || body.length > MAX_KEPT_BYTES || !isDigestOf(body, digest))
    return;
  const text = body.toString('utf8');
  const { kind } = readManifest(text, mediaType);
  if (kind === 'image' || kind === 'index')
    await cache.keep(digest, { mediaType, text });
}

/** Keeps of a config what it is built for: the rest can be large, and hold what was in the environment. */
export async function keepConfig(
  cache: ContentCache | undefined,
  digest: string,
  config: ImageConfig,
): Promise<void> {
  const platform = configPlatform(config);
  if (platform)
    await cache?.keep(digest, {
      mediaType: '',
      text: JSON.stringify(platform),
    });
}
