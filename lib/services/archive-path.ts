import 'server-only';
import { pathParts } from '@/lib/imagespec/tree';
import { quote, refusal } from '@/lib/services/archive-refusal';

const MAX_DEPTH = 50;
const MAX_PATH_BYTES = 1000;
const MAX_NAME_BYTES = 255;

/**
 * An entry's path below the project's folder, without "." and a "/" at its end; '' is the folder itself. Throws
 * INVALID_INPUT for one that leads out of it, or that cannot be kept on every worker as it is.
 */
export function toPath(name: string): string {
  if (/[\p{Cc}\p{Cs}]/u.test(name)) {
    throw refusal(
      `The archive holds a path with a control character: ${quote(name)}. Rename it.`,
    );
  }
  if (name.includes('\uFFFD')) {
    throw refusal(
      `The archive holds a path that is not UTF-8: ${quote(name)}. Rename it.`,
    );
  }
  if (name.includes('\\')) {
    throw refusal(
      `The archive holds a path with a backslash: ${quote(name)}. Rename it.`,
    );
  }
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) {
    throw refusal(
      `The archive holds an absolute path: ${quote(name)}. Pack the folder with paths below it.`,
    );
  }
  const parts = pathParts(name);
  if (parts.includes('..')) {
    throw refusal(
      `The archive holds a path that leads out of it: ${quote(name)}. Pack the folder with paths below it.`,
    );
  }
  if (parts.length > MAX_DEPTH) {
    throw refusal(
      `The archive is nested deeper than ${MAX_DEPTH} folders: ${quote(name)}. Leave that folder out.`,
    );
  }
  const path = parts.join('/');
  if (
    Buffer.byteLength(path) > MAX_PATH_BYTES ||
    parts.some((part) => Buffer.byteLength(part) > MAX_NAME_BYTES)
  ) {
    throw refusal(
      `The archive holds a path that is too long: ${quote(name)}. Rename it.`,
    );
  }
  return path;
}

/** Throws INVALID_INPUT when a file is a folder too, or would be one where case does not count. */
export function checkNames(
  files: readonly string[],
  folders: ReadonlySet<string>,
): void {
  const byCase = new Map<string, string>();
  for (const path of withParents(files, folders))
    byCase.set(path.toLowerCase(), path);
  for (const file of files) {
    const folder = byCase.get(file.toLowerCase());
    if (folder === undefined) continue;
    throw refusal(
      folder === file
        ? `The archive holds ${quote(file)} as a file and as a folder. Pack it again.`
        : `The file ${quote(file)} and the folder ${quote(folder)} differ only in case. Rename one.`,
    );
  }
}

function withParents(
  files: readonly string[],
  folders: ReadonlySet<string>,
): Set<string> {
  const all = new Set(folders);
  for (const path of [...files, ...all]) {
    for (
      let slash = path.lastIndexOf('/');
      slash !== -1;
      slash = path.lastIndexOf('/', slash - 1)
    ) {
      const parent = path.slice(0, slash);
      if (all.has(parent)) break;
      all.add(parent);
    }
  }
  return all;
}
