import { md5, sha1 } from '@noble/hashes/legacy';
import { bytesToHex } from '@noble/hashes/utils';

/** What flytekit reads from disk for the tag, as lower-case hex. Each is needed only when its field is set. */
export type Digests = {
  /** `requirementsDigest` of the file. */
  requirements?: string;
  /** `treeDigest` of the files under `copy`. */
  copy?: string;
  /** `treeDigest` of the files under `source_root`. */
  source?: string;
  /** Those of a base image that is a spec. */
  base?: Digests;
};

const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0x0b, 0x0c]);

/**
 * SHA-1 of a requirements file without the ASCII whitespace at its ends. Line ends inside are not normalised. Works on
 * the bytes, because that is what flytekit strips.
 */
export function requirementsDigest(content: Uint8Array | string): string {
  const bytes =
    typeof content === 'string' ? new TextEncoder().encode(content) : content;
  let start = 0;
  let end = bytes.length;
  while (start < end && WHITESPACE.has(bytes[start] ?? 0)) start += 1;
  while (end > start && WHITESPACE.has(bytes[end - 1] ?? 0)) end -= 1;
  return bytesToHex(sha1(bytes.subarray(start, end)));
}

/** One file: its path relative to the folder that is copied, and its content. */
export type TreeFile = { path: string; bytes: Uint8Array };

/**
 * MD5 over files in the given order: each one's bytes, then its path with the separators taken out. Which files, and
 * in which order, is the caller's: flytekit sorts sources by path, and copies by name within a folder.
 */
export function treeDigest(files: Iterable<TreeFile>): string {
  const hash = md5.create();
  const encoder = new TextEncoder();
  for (const { path, bytes } of files) {
    hash.update(bytes);
    hash.update(encoder.encode(path.replaceAll('/', '')));
  }
  return bytesToHex(hash.digest());
}
