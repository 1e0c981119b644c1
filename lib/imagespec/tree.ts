import { SpecError } from './errors';

/** One file of a project: its content, and whether its owner may run it. Nothing else of its mode is kept. */
export type ProjectFile = { bytes: Uint8Array; isExecutable: boolean };

/**
 * The unpacked project folder, which stands for the folder that `pyflyte` is run in: path below it, with "/" between
 * folders, to file. It holds no links and no empty folders; the order of its entries means nothing.
 */
export type ProjectTree = ReadonlyMap<string, ProjectFile>;

export type PathKind = 'file' | 'folder' | 'missing';

/** The parts of a path below the project's folder, without the empty ones and ".". */
export function pathParts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** What a cleaned path (`pathParts` joined; '' is the project's folder itself) names among the paths of a tree. */
export function pathKind(paths: Iterable<string>, path: string): PathKind {
  const prefix = path === '' ? '' : `${path}/`;
  for (const other of paths) {
    if (other === path) return 'file';
    if (other.startsWith(prefix)) return 'folder';
  }
  return 'missing';
}

/** The paths of a tree in Python's order, by their code points. */
export function sortedPaths(tree: ProjectTree): string[] {
  return [...tree.keys()].sort(byCodePoint);
}

/** Those of the paths that lie below a folder (`''`: all), relative to it, in the order in which they are given. */
export function pathsBelow(paths: readonly string[], folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return paths
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
}

/** JavaScript's own order differs beyond U+FFFF, where it compares halves of characters. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Halves of characters beyond U+FFFF come after all that stand by themselves. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

/** Throws `SPEC_INVALID` for a tree that an unpacked archive cannot be: paths that leave it, or name no file. */
export function checkTree(tree: ProjectTree): void {
  for (const path of tree.keys()) {
    const isPlain =
      path.split('/').every((part) => !['', '.', '..'].includes(part)) &&
      !/[\p{Cc}\p{Cs}]/u.test(path);
    if (isPlain) continue;
    const message = `The project holds a file whose path cannot be kept: ${JSON.stringify(path)}. Rename it.`;
    throw new SpecError(message, { copy: message });
  }
}
