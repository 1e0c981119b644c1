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

/** The paths below a folder (`''`: all of them), relative to it, in the order of their code points. */
export function pathsBelow(paths: Iterable<string>, folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return [...paths]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .sort(byCodePoint);
}

/** Python's order of strings. JavaScript's own differs beyond U+FFFF, where it compares halves of characters. */
export function byCodePoint(a: string, b: string): number {
  const others = b[Symbol.iterator]();
  for (const char of a) {
    const other = others.next();
    if (other.done) return 1;
    const difference = codeOf(char) - codeOf(other.value);
    if (difference !== 0) return difference;
  }
  return others.next().done ? 0 : -1;
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
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
