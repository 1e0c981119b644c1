import type { SyntaxNode } from '@lezer/common';
import { resolved, tooLarge, unresolved, type Reading } from './python-reading';
import { pyRepr } from './python-repr';
import { childrenOf } from './python-tree';
import { pyStr } from './python-value';

type StringToken = {
  isRaw: boolean;
  isBytes: boolean;
  isFormat: boolean;
  /** Offset of the content within the token. */
  start: number;
  end: number;
};

const PREFIX = /^(?:r|u|b|f|br|rb|fr|rf)?$/i;

/** Takes a string token apart; null when it is none, as happens next to syntax errors. */
function readStringToken(token: string): StringToken | null {
  const prefix = /^[A-Za-z]*/.exec(token)?.[0] ?? '';
  if (!PREFIX.test(prefix)) return null;
  const rest = token.slice(prefix.length);
  const single = rest.charAt(0);
  if (single !== '"' && single !== "'") return null;
  const triple = single.repeat(3);
  const quote = rest.startsWith(triple) && rest.length >= 6 ? triple : single;
  if (rest.length < 2 * quote.length || !rest.endsWith(quote)) return null;
  const letters = prefix.toLowerCase();
  return {
    isRaw: letters.includes('r'),
    isBytes: letters.includes('b'),
    isFormat: letters.includes('f'),
    start: prefix.length + quote.length,
    end: token.length - quote.length,
  };
}

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

const ESCAPE =
  /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([xuUN])|([\s\S]))/g;

/**
 * The value of a string's content, escapes replaced as Python does (unknown ones stay as they are). Null for what needs
 * Unicode's names (`\N{BULLET}`) and for escapes that Python refuses.
 */
function unescapeString(content: string): string | null {
  let isBad = false;
  const value = content.replace(
    ESCAPE,
    (
      whole: string,
      octal?: string,
      hex2?: string,
      hex4?: string,
      hex8?: string,
      incomplete?: string,
      char?: string,
    ) => {
      const hex = hex2 ?? hex4 ?? hex8;
      const code = octal ? parseInt(octal, 8) : hex ? parseInt(hex, 16) : -1;
      if (incomplete !== undefined || code > 0x10ffff) isBad = true;
      else if (code >= 0) return String.fromCodePoint(code);
      return SIMPLE.get(char ?? '') ?? whole;
    },
  );
  return isBad ? null : value;
}

/** A string literal, bytes excepted. */
export function readString(token: string): Reading {
  const parts = readStringToken(token);
  if (!parts) return unresolved('It holds a syntax error.');
  if (parts.isBytes) return unresolved('It is bytes, not text.');
  const content = token.slice(parts.start, parts.end);
  const text = parts.isRaw ? content : unescapeString(content);
  return text === null ? badEscape() : resolved(pyStr(text));
}

/** An f-string whose fields are plain values: no format, no conversion but `!s`. */
export function readFormatString(
  node: SyntaxNode,
  text: string,
  read: (node: SyntaxNode) => Reading,
): Reading {
  const token = text.slice(node.from, node.to);
  const parts = readStringToken(token);
  if (!parts) return unresolved('It holds a syntax error.');
  let out = '';
  let at = parts.start;
  const addLiteral = (end: number): boolean => {
    const raw = token
      .slice(at, end)
      .replace(/\{\{|\}\}/g, (two) => two.slice(1));
    const literal = parts.isRaw ? raw : unescapeString(raw);
    out += literal ?? '';
    return literal !== null;
  };
  for (const field of node.getChildren('FormatReplacement')) {
    if (!addLiteral(field.from - node.from)) return badEscape();
    const shown = readField(field, text, read);
    if (shown.kind !== 'value' || shown.value.type !== 'str') return shown;
    out += shown.value.value;
    at = field.to - node.from;
    if (resolved(pyStr(out)).kind !== 'value') return tooLarge();
  }
  return addLiteral(parts.end) ? resolved(pyStr(out)) : badEscape();
}

/** The text a field shows, or why it is not known. */
function readField(
  field: SyntaxNode,
  text: string,
  read: (node: SyntaxNode) => Reading,
): Reading {
  const [inner, conversion, ...rest] = childrenOf(field).slice(1, -1);
  const isPlain =
    rest.length === 0 &&
    (!conversion || text.slice(conversion.from, conversion.to) === '!s');
  if (!inner || !isPlain) return formatted();
  const reading = read(inner);
  if (reading.kind === 'spec') return formatted();
  if (reading.kind === 'unresolved') return reading;
  switch (reading.value.type) {
    case 'str':
      return reading;
    case 'int':
    case 'bool':
    case 'float':
    case 'none':
      return resolved(pyStr(pyRepr(reading.value)));
    default:
      return formatted();
  }
}

function formatted(): Reading {
  return unresolved('It formats a value when the code runs.');
}

function badEscape(): Reading {
  return unresolved('It holds an escape that cannot be read here.');
}
