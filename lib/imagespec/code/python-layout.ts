import { pyRepr, quoteString } from '@/lib/imagespec/python-repr';
import type { PyEntry, PyValue } from '@/lib/imagespec/python-value';

const WIDTH = 88;
const INDENT = '    ';

/** A part of the code, as it is laid out: text, or brackets around parts. */
export type Part =
  string | { open: string; parts: readonly Part[]; close: string };

/** Lays a part out as Black does: on one line where it fits, else one entry a line with a comma behind each. */
export function layOut(part: Part, indent = ''): string {
  if (typeof part === 'string') return part;
  const line = flat(part);
  const comma = indent === '' ? '' : ',';
  const fits = indent.length + line.length + comma.length <= WIDTH;
  if (part.parts.length === 0 || fits) return line;
  const inner = indent + INDENT;
  const lines = part.parts.map((one) => `${inner}${layOut(one, inner)},\n`);
  return `${part.open}\n${lines.join('')}${indent}${part.close}`;
}

function flat(part: Part): string {
  return typeof part === 'string'
    ? part
    : `${part.open}${part.parts.map(flat).join(', ')}${part.close}`;
}

/** `name=value` and `key: value`: the head stands before the bracket of the value. */
export function headed(head: string, part: Part): Part {
  return typeof part === 'string'
    ? head + part
    : { ...part, open: head + part.open };
}

/** A literal that reads back as the value. Strings stand in double quotes where that needs no escapes. */
export function literal(value: PyValue): Part {
  switch (value.type) {
    case 'str':
      return stringLiteral(value.value);
    case 'int':
      return String(BigInt(value.text));
    case 'list':
      return { open: '[', parts: value.items.map(literal), close: ']' };
    case 'tuple':
      return value.items.length === 1
        ? `(${value.items.map((item) => flat(literal(item))).join('')},)`
        : { open: '(', parts: value.items.map(literal), close: ')' };
    case 'dict':
      return { open: '{', parts: value.entries.map(entry), close: '}' };
    case 'enum':
      return /^<(\w+\.\w+)/.exec(value.repr)?.[1] ?? value.repr;
    default:
      return pyRepr(value);
  }
}

function entry([key, value]: PyEntry): Part {
  return headed(`${flat(literal(key))}: `, literal(value));
}

export function stringLiteral(text: string): string {
  return quoteString(
    text,
    text.includes('"') && !text.includes("'") ? "'" : '"',
  );
}
