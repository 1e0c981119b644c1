import type { PyValue } from './python-value';

/**
 * Prints a value exactly as Python's `repr` does, which is the text that flytekit hashes.
 *
 * Whether a character is printable follows Unicode categories, so code points that are not assigned yet in this
 * runtime's Unicode version may differ from a newer Python's.
 */
export function pyRepr(value: PyValue): string {
  switch (value.type) {
    case 'none':
      return 'None';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      return value.text;
    case 'float':
      return reprFloat(value.value);
    case 'str':
      return reprString(value.value);
    case 'list':
      return `[${value.items.map(pyRepr).join(', ')}]`;
    case 'tuple':
      return value.items.length === 1
        ? `(${value.items.map(pyRepr).join('')},)`
        : `(${value.items.map(pyRepr).join(', ')})`;
    case 'dict':
      return `{${value.entries
        .map(([key, item]) => `${pyRepr(key)}: ${pyRepr(item)}`)
        .join(', ')}}`;
    case 'enum':
      return value.repr;
  }
}

const NOT_PRINTABLE = /[\p{C}\p{Z}]/u;

/** Python's `repr` of a string: quotes chosen, backslashes and non-printable characters escaped. */
export function reprString(text: string): string {
  return quoteString(
    text,
    text.includes("'") && !text.includes('"') ? '"' : "'",
  );
}

/** A Python string literal in the given quotes, escaped as `repr` escapes. */
export function quoteString(text: string, quote: '"' | "'"): string {
  let inner = '';
  for (const char of text) inner += reprChar(char, quote);
  return `${quote}${inner}${quote}`;
}

function reprChar(char: string, quote: string): string {
  if (char === quote || char === '\\') return `\\${char}`;
  if (char === '\t') return '\\t';
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === ' ' || !NOT_PRINTABLE.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}

/** The shortest text that reads back as the same double, in Python's layout: exponents from 1e16 and below 1e-4. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa = '0', exponentText = '0'] = Math.abs(value)
    .toExponential()
    .split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.slice(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}
