import { SpecError } from './errors';
import {
  type Glob,
  globMatches,
  type GlobToken,
  type GlobWork,
  toGlob,
} from './glob';
import { pythonLines, pythonStrip } from './python-text';
import { pathParts } from './tree';

type Pattern = { isExclusion: boolean; length: number; glob: Glob };

/**
 * Reads a `.dockerignore` as docker-py does, which flytekit asks: close to Docker's own rules, but without regard to
 * case, and with a pattern's parents compared only as deep as the pattern is. Throws `SPEC_INVALID` where docker-py
 * raises.
 */
export function parseDockerIgnore(text: string): readonly Pattern[] {
  return [
    ...pythonLines(text)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => toPattern(pythonStrip(line)))
      .filter(({ length }) => length > 0),
    toPattern('!.dockerignore'),
  ];
}

/** Whether a path, as flytekit writes it (`src/a.py` or `./a.py` for a relative folder), is ignored. */
export function isDockerIgnored(
  patterns: readonly Pattern[],
  path: string,
  work: GlobWork,
): boolean {
  const lower = path.toLowerCase();
  const slash = lower.lastIndexOf('/');
  const parents = pathParts(lower.slice(0, Math.max(slash, 0)));
  let isIgnored = false;
  for (const { isExclusion, length, glob } of patterns) {
    const isMatch =
      globMatches(glob, lower, work) ||
      (parents.length >= length &&
        globMatches(glob, parents.slice(0, length).join('/'), work));
    if (isMatch) isIgnored = !isExclusion;
  }
  return isIgnored;
}

function toPattern(line: string): Pattern {
  const isExclusion = line.startsWith('!');
  const parts: string[] = [];
  for (const part of pathParts(pythonStrip(line.slice(isExclusion ? 1 : 0)))) {
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  const glob = readPattern(parts.join('/').toLowerCase());
  return { isExclusion, length: parts.length, glob };
}

function readPattern(pattern: string): Glob {
  const chars = [...pattern];
  const tokens: GlobToken[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at] ?? '';
    at += 1;
    if (char === '*' && chars[at] === '*') {
      at += 1;
      if (chars[at] === '/') at += 1;
      tokens.push(
        at < chars.length ? { kind: 'folders' } : { kind: 'many', slash: true },
      );
    } else if (char === '*') {
      tokens.push({ kind: 'many', slash: false });
    } else if (char === '?') {
      tokens.push({ kind: 'class', matches: (other) => other !== '/' });
    } else if (char === '[') {
      const end = classEnd(chars, at);
      if (end === -1) tokens.push({ kind: 'char', char: '[' });
      else {
        tokens.push(toClass(chars.slice(at, end)));
        at = end + 1;
      }
    } else {
      tokens.push({ kind: 'char', char: char });
    }
  }
  return toGlob(tokens);
}

/** Where a class closes; a "]" that comes first is a member. */
function classEnd(chars: readonly string[], start: number): number {
  let at = start;
  if (chars[at] === '!') at += 1;
  if (chars[at] === ']') at += 1;
  return chars.indexOf(']', at);
}

function toClass(chars: readonly string[]): GlobToken {
  const isNegated = chars[0] === '!';
  const members = isNegated ? chars.slice(1) : chars;
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at += 1) {
    const low = members[at] ?? '';
    const high = members[at + 2];
    if (members[at + 1] !== '-' || high === undefined) {
      ranges.push([low, low]);
      continue;
    }
    if (codeOf(low) > codeOf(high)) {
      const message = `.dockerignore holds the range ${low}-${high}, which is backwards. Correct it.`;
      throw new SpecError(message, { source_root: message });
    }
    ranges.push([low, high]);
    at += 2;
  }
  return {
    kind: 'class',
    matches: (char) =>
      isNegated !==
      ranges.some(
        ([low, high]) =>
          codeOf(char) >= codeOf(low) && codeOf(char) <= codeOf(high),
      ),
  };
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}
