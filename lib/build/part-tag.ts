import { createHash } from 'node:crypto';

const MAX_TAG = 128;

/**
 * The tag that the image of one platform is pushed under, on its way into the index under `tag`. A tag too long for that is cut,
 * and told apart by a hash of the whole.
 *
 * @example partTag('1.4', 'linux/arm64') // '1.4-linux-arm64'
 */
export function partTag(tag: string, platform: string): string {
  const suffix = `-${platform.replaceAll('/', '-')}`;
  if (tag.length + suffix.length <= MAX_TAG) return tag + suffix;
  const hash = createHash('sha256').update(tag).digest('hex').slice(0, 8);
  const end = `-${hash}${suffix}`;
  return tag.slice(0, MAX_TAG - end.length) + end;
}
