import type { GlobToken } from './glob';

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t-\r ]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** One or more characters that a class takes. */
type Member = (char: string) => boolean;

/**
 * A `[…]` of git's wildmatch, read from behind its bracket: `!` and `^` negate, a backslash makes the next character
 * plain, a "]" in the first place is a member, and `[:alpha:]` names a kind. Undefined when it is not closed or names an
 * unknown kind; such a pattern matches nothing.
 */
export function classToken(
  chars: readonly string[],
  start: number,
): { token: GlobToken; end: number } | undefined {
  let at = start;
  const isNegated = chars[at] === '!' || chars[at] === '^';
  if (isNegated) at += 1;
  const members: Member[] = [];
  let before: string | null = null;
  for (let isFirst = true; isFirst || chars[at] !== ']'; isFirst = false) {
    const char = chars[at];
    if (char === undefined) return undefined;
    const next = chars[at + 1];
    if (char === '[' && next === ':') {
      const end = chars.indexOf(']', at + 2);
      if (end === -1) return undefined;
      if (end > at + 2 && chars[end - 1] === ':') {
        const kind = CLASSES[chars.slice(at + 2, end - 1).join('')];
        if (!kind) return undefined;
        members.push((other) => kind.test(other));
        before = null;
        at = end + 1;
        continue;
      }
    }
    if (char === '-' && before !== null && next !== undefined && next !== ']') {
      const high = next === '\\' ? chars[at + 2] : next;
      if (high === undefined) return undefined;
      const low = before;
      members.push((other) => other >= low && other <= high);
      before = null;
      at += next === '\\' ? 3 : 2;
      continue;
    }
    const plain = char === '\\' ? next : char;
    if (plain === undefined) return undefined;
    members.push((other) => other === plain);
    before = plain;
    at += char === '\\' ? 2 : 1;
  }
  const matches: Member = (char) =>
    char !== '/' && isNegated !== members.some((member) => member(char));
  return { token: { kind: 'class', matches }, end: at + 1 };
}
