import { md5, sha1 } from '@noble/hashes/legacy';
import { bytesToHex } from '@noble/hashes/utils';
import { SpecError } from './errors';
import {
  byCodePoint,
  pathKind,
  pathParts,
  pathsBelow,
  type ProjectTree,
  sortedPaths,
} from './tree';
import type { ImageSpec } from './schema';
import { copiesSource, sourcePaths } from './tree-source';

/** What flytekit reads from disk for the tag, as lower-case hex. Each is needed only when its field is set. */
export type Digests = {
  /** `requirementsDigest` of the file. */
  requirements?: string;
  /** `copyDigest` of the files under `copy`. */
  copy?: string;
  /** `sourceDigest` of the files under `source_root`. */
  source?: string;
  /** Those of a base image that is a spec. */
  base?: Digests;
};

/** Twice what a project may hold. */
const MAX_COPY_BYTES = 512 * 1024 ** 2;
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

/** MD5 over files in the given order: each one's bytes, then its path with the separators taken out. */
export function treeDigest(files: Iterable<TreeFile>): string {
  const hash = md5.create();
  const encoder = new TextEncoder();
  for (const { path, bytes } of files) {
    hash.update(bytes);
    hash.update(encoder.encode(path.replaceAll('/', '')));
  }
  return bytesToHex(hash.digest());
}

/**
 * What flytekit hashes for `copy`: for each entry its files, those of a folder before those of its sub-folders, by name.
 * Nothing is ignored, and what the project lacks counts as nothing. In which order flytekit comes to several sub-folders
 * of one folder is up to the disk; they are taken by name here, and a note of the build says so.
 */
export function copyDigest(tree: ProjectTree, copy: readonly string[]): string {
  const paths = sortedPaths(tree);
  const files = copy.flatMap((entry) => copied(tree, paths, entry));
  // Entries may overlap many times over, and each is hashed.
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (size > MAX_COPY_BYTES) {
    const message =
      'Together the entries hold more than 512 MiB. Name each file once.';
    throw new SpecError(message, { copy: message });
  }
  return treeDigest(files);
}

function copied(
  tree: ProjectTree,
  paths: readonly string[],
  entry: string,
): TreeFile[] {
  // Python takes no empty path for the folder it runs in.
  if (entry === '') return [];
  const path = pathParts(entry).join('/');
  const kind = pathKind(paths, path);
  if (kind === 'folder') {
    return filesOf(tree, path, inWalkOrder(pathsBelow(paths, path)));
  }
  // To Python, "a/" is a file that does not exist when "a" is one.
  if (kind === 'missing' || /\/\.?$/.test(entry)) return [];
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  return filesOf(tree, path.slice(0, Math.max(slash, 0)), [name]);
}

/**
 * What flytekit hashes for `source_root` in the mode ALL. Throws `SPEC_INVALID` when the project lacks the folder; for
 * LOADED_MODULES no digest can be computed without running the code.
 */
export function sourceDigest(tree: ProjectTree, sourceRoot: string): string {
  const { folder, paths } = sourcePaths(tree, sourceRoot);
  return treeDigest(filesOf(tree, folder, paths));
}

function filesOf(
  tree: ProjectTree,
  folder: string,
  paths: readonly string[],
): TreeFile[] {
  return paths.flatMap((path) => {
    const file = tree.get(folder === '' ? path : `${folder}/${path}`);
    return file ? [{ path, bytes: file.bytes }] : [];
  });
}

/** Sorted paths of one folder: its files, then sub-folder by sub-folder. */
function inWalkOrder(paths: readonly string[]): string[] {
  const folders = new Map<string, string[]>();
  const files: string[] = [];
  for (const path of paths) {
    const slash = path.indexOf('/');
    if (slash === -1) {
      files.push(path);
      continue;
    }
    const folder = path.slice(0, slash);
    const inside = folders.get(folder) ?? [];
    inside.push(path.slice(slash + 1));
    folders.set(folder, inside);
  }
  return [
    ...files,
    ...[...folders]
      .sort(([a], [b]) => byCodePoint(a, b))
      .flatMap(([folder, inside]) =>
        inWalkOrder(inside).map((name) => `${folder}/${name}`),
      ),
  ];
}

/** The digests of what a spec takes from the project. Throws `SPEC_INVALID` as `sourceDigest` and `copiesSource`. */
export function projectDigests(
  spec: ImageSpec,
  tree: ProjectTree,
): Pick<Digests, 'copy' | 'source'> {
  return {
    ...(spec.copy?.length ? { copy: copyDigest(tree, spec.copy) } : {}),
    ...(copiesSource(spec)
      ? { source: sourceDigest(tree, spec.source_root ?? '') }
      : {}),
  };
}
