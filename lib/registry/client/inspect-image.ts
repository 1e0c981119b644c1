import type { AccessEvidence } from '@/lib/registry/access-evidence';
import { contentDigest } from '@/lib/registry/evidence';
import {
  configPlatform,
  type ImageIndex,
  type ImageManifest,
  type IndexChild,
  readManifest,
  selectChild,
} from '@/lib/registry/manifest';
import { isIndexType } from '@/lib/registry/media-types';
import {
  formatPlatform,
  type Platform,
  platformFit,
} from '@/lib/registry/platform';
import { DIGEST } from '@/lib/registry/schema';
import type { ContentCache } from './content-cache';
import { digestOf, isDigestOf } from './digest';
import {
  type Content,
  readConfigOf,
  readManifestOf,
  toContent,
} from './inspect-content';
import { inspectLayers } from './inspect-layers';
import { attempt } from './probe';
import { callManifest, isSuccess } from './read';
import type { Session } from './session';

const MAX_NESTED = 8;
const MAX_DEPTH = 2;

/** What an inspection adds to the evidence. */
export type Inspection = Pick<
  AccessEvidence,
  'manifest' | 'image' | 'parts' | 'foreignLayers' | 'checked'
>;

export type Asked = {
  session: Session;
  repository: string;
  platform: Platform;
  signal: AbortSignal;
  depth: 'all' | 'sampled';
  cache?: ContentCache | undefined;
  random: () => number;
};

type Image = NonNullable<Inspection['image']>;
type Walk = { asked: Asked; found: Inspection; image: Image };

/**
 * Follows a tag or digest down to the last layer for one platform, as the session's identity: the manifest by tag and
 * by digest, the index's child, the config, every layer (at most 128) or a sample. Foreign layers are listed and not
 * asked for, and no descriptor's `urls` are ever fetched. What the cache knows by its digest is asked for by HEAD: the
 * answer is proof of access as good as a GET's, and no registry counts it as a pull.
 */
export async function inspectImage(
  asked: Asked,
  reference: string,
): Promise<Inspection> {
  const found: Inspection = {
    manifest: null,
    image: null,
    parts: [],
    foreignLayers: [],
    checked: 'none',
  };
  const top = await readTop(asked, found, reference);
  if (!top) return found;
  const image: Image = {
    digest: top.digest,
    kind: 'invalid',
    reason: null,
    platforms: [],
    chosen: null,
    isMatch: false,
  };
  found.image = image;
  const walk = { asked, found, image };
  const manifest = readBody(walk, top.content, top.digest);
  if (manifest?.kind === 'image')
    await inspectParts(walk, top.digest, manifest, null);
  if (manifest?.kind === 'index') await inspectIndex(walk, manifest);
  return found;
}

/** The bytes of the top manifest. Reading by tag proves little: a pull reads by digest, so that is done too. */
async function readTop(
  asked: Asked,
  found: Inspection,
  reference: string,
): Promise<{ content: Content; digest: string } | null> {
  const { session, repository, signal } = asked;
  const head = await attempt(
    callManifest(session, 'HEAD', repository, reference, signal),
  );
  found.manifest = head.probe;
  if (!head.answer || head.answer.status === 429) return null;
  const said = isSuccess(head.answer)
    ? contentDigest(head.answer.headers)
    : null;
  if (said !== null) {
    const digest = DIGEST.test(reference) ? reference : said;
    const wasHead = digest === reference && said === digest;
    const { probe, content } = await readManifestOf(
      asked,
      digest,
      wasHead ? head : null,
    );
    found.parts.push({ digest, kind: 'manifest', probe });
    found.image = unread(digest);
    return content && { content, digest };
  }
  // A HEAD may fail, or leave out the digest, where a GET does not: then the GET decides.
  const get = await attempt(
    callManifest(session, 'GET', repository, reference, signal),
  );
  found.manifest = get.probe;
  if (!get.answer || !isSuccess(get.answer)) return null;
  const content = toContent(get.answer);
  if (DIGEST.test(reference)) return { content, digest: reference };
  const digest = contentDigest(get.answer.headers) ?? digestOf(content.body);
  const again = await attempt(
    callManifest(session, 'HEAD', repository, digest, signal),
  );
  const isOddHead =
    again.answer !== null &&
    head.answer.status >= 400 &&
    !isSuccess(again.answer);
  if (!isOddHead)
    found.parts.push({ digest, kind: 'manifest', probe: again.probe });
  return { content, digest };
}

/** The manifest in a body; what is none of ours is written into the image and gives null. */
function readBody(
  { image }: Walk,
  { body, mediaType }: Content,
  digest: string,
): ImageManifest | ImageIndex | null {
  if (!isDigestOf(body, digest)) {
    image.kind = 'invalid';
    image.reason = 'The content of a manifest does not hash to its digest.';
    return null;
  }
  const manifest = readManifest(body.toString('utf8'), mediaType);
  image.kind = manifest.kind;
  if (manifest.kind === 'invalid') image.reason = manifest.reason;
  return manifest.kind === 'image' || manifest.kind === 'index'
    ? manifest
    : null;
}

async function inspectIndex(walk: Walk, index: ImageIndex): Promise<void> {
  const others: IndexChild[] = [];
  const match = await findChild(walk, index, others, 1);
  const child = match ?? others[0];
  if (!child) return;
  walk.image.chosen = child.digest;
  walk.image.isMatch = match !== null || child.platform === null;
  const manifest = await readChild(walk, child.digest);
  if (manifest?.kind === 'image') {
    const isMatch = match ? true : child.platform ? false : null;
    await inspectParts(walk, child.digest, manifest, isMatch);
    if (walk.image.kind === 'image') walk.image.kind = 'index';
  }
}

/** The child for the platform, nested indexes included. What is for other platforms is put into `others`. */
async function findChild(
  walk: Walk,
  index: ImageIndex,
  others: IndexChild[],
  depth: number,
): Promise<IndexChild | null> {
  const nested = index.children.filter((child) => isIndexType(child.mediaType));
  const plain = index.children.filter((child) => !isIndexType(child.mediaType));
  for (const { platform } of plain)
    if (platform) walk.image.platforms.push(formatPlatform(platform));
  const match = selectChild({ ...index, children: plain }, walk.asked.platform);
  if (match) return match;
  // A child that names no platform may still be the one; its config will say.
  others.unshift(...plain.filter((child) => !child.platform));
  others.push(...plain.filter((child) => child.platform));
  if (depth > MAX_DEPTH) return null;
  for (const child of nested.slice(0, MAX_NESTED)) {
    const inner = await readChild(walk, child.digest);
    const found =
      inner?.kind === 'index'
        ? await findChild(walk, inner, others, depth + 1)
        : null;
    if (found) return found;
  }
  return null;
}

async function readChild(
  walk: Walk,
  digest: string,
): Promise<ImageManifest | ImageIndex | null> {
  const { probe, content } = await readManifestOf(walk.asked, digest);
  walk.found.parts.push({ digest, kind: 'manifest', probe });
  return content ? readBody(walk, content, digest) : null;
}

/** `isMatch` null leaves it to the config whether the platform can run the image. */
async function inspectParts(
  walk: Walk,
  digest: string,
  manifest: ImageManifest,
  isMatch: boolean | null,
): Promise<void> {
  const { image, found, asked } = walk;
  image.chosen = digest;
  const { config } = manifest;
  const { probe, config: body } = await readConfigOf(asked, config.digest);
  found.parts.push({ digest: config.digest, kind: 'config', probe });
  if (body === 'invalid') {
    image.kind = 'invalid';
    image.reason =
      'The config does not hash to its digest, or is no image config.';
    return;
  }
  const platform = body && configPlatform(body);
  if (platform && isMatch === null)
    image.platforms.push(formatPlatform(platform));
  if (isMatch !== null || body === null) image.isMatch = isMatch ?? true;
  else
    image.isMatch =
      platform !== null && platformFit(asked.platform, platform) > 0;
  await inspectLayers(asked, found, manifest);
}

function unread(digest: string): Image {
  return {
    digest,
    kind: 'image',
    reason: null,
    platforms: [],
    chosen: null,
    isMatch: true,
  };
}
