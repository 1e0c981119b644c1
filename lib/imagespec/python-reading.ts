import { pyNone, pyStr, type PyValue } from './python-value';

/** What an expression is, as far as it can be known without running the code. */
export type Reading =
  | { kind: 'value'; value: PyValue }
  /** An image spec, by its number in the order of reading. */
  | { kind: 'spec'; id: number }
  | { kind: 'unresolved'; reason: string; environment?: EnvironmentHole };

/** A variable of the environment that is read when the code runs. */
export type EnvironmentHole = {
  name: string;
  /** What holds without it; null when Python stops without it, or when it is not known here. */
  default: PyValue | null;
};

const MAX_TEXT = 64 * 1024;
const MAX_ITEMS = 5000;

export function resolved(value: PyValue): Reading {
  return sizeOf(value) > limitOf(value) ? tooLarge() : { kind: 'value', value };
}

export function unresolved(
  reason = 'It cannot be read here.',
  environment?: EnvironmentHole,
): Reading {
  return {
    kind: 'unresolved',
    reason,
    ...(environment ? { environment } : {}),
  };
}

export function tooLarge(): Reading {
  return unresolved('It is too large or too deep to read.');
}

/** Python's `left + right`; undefined where Python raises, and for numbers. */
export function addValues(left: PyValue, right: PyValue): PyValue | undefined {
  if (left.type === 'str' && right.type === 'str') {
    return pyStr(left.value + right.value);
  }
  const isSame = left.type === right.type;
  return isSame && 'items' in left && 'items' in right
    ? { type: left.type, items: [...left.items, ...right.items] }
    : undefined;
}

/** Characters of a text, elements of a list, entries of a dict. */
export function sizeOf(value: PyValue): number {
  if (value.type === 'str') return value.value.length;
  if (value.type === 'dict') return value.entries.length;
  return 'items' in value ? value.items.length : 1;
}

function limitOf(value: PyValue): number {
  return value.type === 'str' ? MAX_TEXT : MAX_ITEMS;
}

/** A number literal. Complex numbers, and integers of more than 300 digits, stay unresolved. */
export function readNumber(text: string): Reading {
  const digits = text.replaceAll('_', '');
  if (digits.length > 300) return tooLarge();
  if (
    /^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[1-9]\d*|0+)$/.test(digits)
  ) {
    return resolved({ type: 'int', text: String(BigInt(digits)) });
  }
  return /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(digits)
    ? resolved({ type: 'float', value: Number(digits) })
    : unresolved('It is a number that cannot be read here.');
}

/** `-value` of a number. */
export function negate(value: PyValue): Reading {
  if (value.type === 'float') {
    return resolved({ type: 'float', value: -value.value });
  }
  return value.type === 'int'
    ? resolved({ type: 'int', text: String(-BigInt(value.text)) })
    : unresolved();
}

export const nothing: Reading = { kind: 'value', value: pyNone };
