import { pyNone, pyStr, type PyValue } from '@/lib/imagespec/python-value';

/** What a plain scalar is to PyYAML's safe loader, or why it takes it for none of Python's plain values. */
export type Scalar = { value: PyValue } | { refused: string };

// YAML 1.1 as PyYAML 6 resolves it: no `y` and `n`, no octal `0o`, and a float needs its dot.
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;
const MAX_DIGITS = 300;

/** Reads an unquoted scalar. */
export function resolveScalar(text: string): Scalar {
  if (TRUE.test(text) || FALSE.test(text)) {
    return { value: { type: 'bool', value: TRUE.test(text) } };
  }
  if (NULL.test(text)) return { value: pyNone };
  if (FLOAT.test(text)) return readFloat(text);
  if (INT.test(text)) return readInt(text);
  if (DATE.test(text)) return { refused: 'a date in YAML' };
  if (text === '=' || text === '<<') {
    return { refused: 'a sign of YAML’s own' };
  }
  return { value: pyStr(text) };
}

function readInt(text: string): Scalar {
  const sign = text.startsWith('-') ? -1n : 1n;
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  if (digits.length > MAX_DIGITS || /^0[bx]$/.test(digits)) {
    return { refused: 'a number that cannot be read' };
  }
  const size = digits.includes(':')
    ? digits.split(':').reduce((total, part) => total * 60n + BigInt(part), 0n)
    : BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return { value: { type: 'int', text: String(sign * size) } };
}

function readFloat(text: string): Scalar {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '').toLowerCase();
  if (digits === '.inf' || digits === '.nan') {
    return { refused: 'no finite number' };
  }
  // Added up from the right, as PyYAML does: floating point remembers the order.
  const size = digits
    .split(':')
    .reverse()
    .reduce((total, part, index) => total + Number(part) * 60 ** index, 0);
  return Number.isFinite(size)
    ? { value: { type: 'float', value: sign * size } }
    : { refused: 'no finite number' };
}
