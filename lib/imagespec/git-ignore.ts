import {
  type Glob,
  globMatches,
  type GlobToken,
  type GlobWork,
  toGlob,
} from './glob';
import { classToken } from './git-class';
import type { ProjectTree } from './tree';

type Pattern = {
  isNegated: boolean;
  isFolderOnly: boolean;
  /** Without a "/": it is compared with the last part of a path, at any depth. */
  isName: boolean;
  /** What a match must begin with; the glob holds for the rest. */
  prefix: string;
  /** `null` matches nothing. */
  glob: Glob | null;
};

const IGNORE_FILE = '.gitignore';
// git quotes such names when it lists them, so that flytekit does not know them again.
const QUOTED = /[^\x20-\x7e]|["\\]/;

/**
 * The files of a project that `git ls-files -io --exclude-standard` lists, run in one of its folders, going by its
 * `.gitignore` files alone: whether a file is tracked all the same, what folders above ignore, and the settings of one
 * person's git are not in a project folder.
 */
export class GitIgnore {
  readonly #lists = new Map<string, readonly Pattern[]>();
  readonly #folders = new Map<string, boolean>();
  readonly #work: GlobWork;

  constructor(tree: ProjectTree, work: GlobWork) {
    this.#work = work;
    for (const [path, { bytes }] of tree) {
      if (path !== IGNORE_FILE && !path.endsWith(`/${IGNORE_FILE}`)) continue;
      this.#lists.set(
        path.slice(0, -IGNORE_FILE.length),
        parse(new TextDecoder().decode(bytes)),
      );
    }
  }

  /** For a file of the tree and the folder, a prefix with its "/", that git runs in. */
  isListed(path: string, folder: string): boolean {
    return !QUOTED.test(path.slice(folder.length)) && this.#isIgnored(path);
  }

  #isIgnored(path: string): boolean {
    const slash = path.lastIndexOf('/');
    return (
      (slash !== -1 && this.#isFolderIgnored(path.slice(0, slash))) ||
      this.#isMatched(path, false)
    );
  }

  #isFolderIgnored(folder: string): boolean {
    let isIgnored = this.#folders.get(folder);
    if (isIgnored === undefined) {
      const slash = folder.lastIndexOf('/');
      isIgnored =
        (slash !== -1 && this.#isFolderIgnored(folder.slice(0, slash))) ||
        this.#isMatched(folder, true);
      this.#folders.set(folder, isIgnored);
    }
    return isIgnored;
  }

  /** The nearest ignore file that says anything decides, and in it the last line. */
  #isMatched(path: string, isFolder: boolean): boolean {
    let end = path.length;
    while (end > 0) {
      end = path.lastIndexOf('/', end - 1);
      const base = path.slice(0, end + 1);
      const patterns = this.#lists.get(base) ?? [];
      for (let at = patterns.length - 1; at >= 0; at -= 1) {
        const pattern = patterns[at];
        this.#work.spend(1);
        if (!pattern || (pattern.isFolderOnly && !isFolder)) continue;
        if (this.#fits(pattern, path.slice(base.length))) {
          return !pattern.isNegated;
        }
      }
    }
    return false;
  }

  #fits({ isName, prefix, glob }: Pattern, path: string): boolean {
    const text = isName ? path.slice(path.lastIndexOf('/') + 1) : path;
    return (
      glob !== null &&
      text.startsWith(prefix) &&
      globMatches(glob, text.slice(prefix.length), this.#work)
    );
  }
}

function parse(text: string): Pattern[] {
  return text
    .split('\n')
    .map((line) => withoutSpacesAtEnd(line.replace(/\r$/, '')))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toPattern);
}

/** A backslash keeps the space behind it. */
function withoutSpacesAtEnd(line: string): string {
  let end = line.length;
  while (line.charAt(end - 1) === ' ') end -= 1;
  let escapes = 0;
  while (line.charAt(end - 1 - escapes) === '\\') escapes += 1;
  return line.slice(0, escapes % 2 === 1 ? end + 1 : end);
}

function toPattern(line: string): Pattern {
  const isNegated = line.startsWith('!');
  const rest = isNegated ? line.slice(1) : line;
  const isFolderOnly = rest.endsWith('/');
  const whole = isFolderOnly ? rest.slice(0, -1) : rest;
  const isName = !whole.includes('/');
  const pattern = whole.startsWith('/') ? whole.slice(1) : whole;
  const wild = pattern.search(/[*?[\\]/);
  const prefix = wild === -1 ? pattern : pattern.slice(0, wild);
  const glob = readGlob([...pattern.slice(prefix.length)]);
  return { isNegated, isFolderOnly, isName, prefix, glob };
}

/** git's wildmatch with WM_PATHNAME; `null` where it can match nothing. */
function readGlob(chars: readonly string[]): Glob | null {
  const tokens: GlobToken[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at] ?? '';
    if (char === '*') {
      at = addStars(tokens, chars, at);
    } else if (char === '?') {
      tokens.push({ kind: 'class', matches: (other) => other !== '/' });
      at += 1;
    } else if (char === '[') {
      const found = classToken(chars, at + 1);
      if (!found) return null;
      tokens.push(found.token);
      at = found.end;
    } else if (char === '\\') {
      const escaped = chars[at + 1];
      if (escaped === undefined) return null;
      tokens.push({ kind: 'char', char: escaped });
      at += 2;
    } else {
      tokens.push({ kind: 'char', char: char });
      at += 1;
    }
  }
  return toGlob(tokens);
}

/** Two stars or more that are a whole part of the path take any folders; elsewhere they are as one. */
function addStars(
  tokens: GlobToken[],
  chars: readonly string[],
  start: number,
): number {
  let end = start;
  while (chars[end] === '*') end += 1;
  const isPart =
    end - start > 1 &&
    (start === 0 || chars[start - 1] === '/') &&
    [undefined, '/', '\\/'].includes(
      chars[end] === '\\' ? `\\${chars[end + 1] ?? ''}` : chars[end],
    );
  if (isPart && chars[end] === '/') {
    tokens.push({ kind: 'folders' });
    return end + 1;
  }
  tokens.push({ kind: 'many', slash: isPart });
  return end;
}
