/**
 * A Python value as flytekit would hold it. Kinds that JavaScript would blur are kept apart: `1`, `1.0` and `True` print
 * differently and are therefore different tags. Integers are decimal text, because they may be larger than a number.
 */
export type PyValue =
  | { type: 'none' }
  | { type: 'bool'; value: boolean }
  | { type: 'int'; text: string }
  | { type: 'float'; value: number }
  | { type: 'str'; value: string }
  | { type: 'list' | 'tuple'; items: readonly PyValue[] }
  | { type: 'dict'; entries: readonly PyEntry[] }
  /** A member of an enum; `repr` is its whole printed form, `<CopyFileDetection.ALL: 2>`. */
  | { type: 'enum'; repr: string };

/** Entries in insertion order. */
export type PyEntry = readonly [key: PyValue, value: PyValue];

export const pyNone: PyValue = { type: 'none' };

export function pyStr(value: string): PyValue {
  return { type: 'str', value };
}

export function pyList(items: readonly string[]): PyValue {
  return { type: 'list', items: items.map(pyStr) };
}

export function pyDict(
  entries: readonly (readonly [string, string])[],
): PyValue {
  return {
    type: 'dict',
    entries: entries.map(([key, value]) => [pyStr(key), pyStr(value)]),
  };
}

/** Python's truth value: what an `if` on it takes. */
export function isTruthy(value: PyValue): boolean {
  switch (value.type) {
    case 'none':
      return false;
    case 'bool':
      return value.value;
    case 'int':
      return !/^-?0+$/.test(value.text);
    case 'float':
      return value.value !== 0;
    case 'str':
      return value.value !== '';
    case 'list':
    case 'tuple':
      return value.items.length > 0;
    case 'dict':
      return value.entries.length > 0;
    case 'enum':
      return true;
  }
}
