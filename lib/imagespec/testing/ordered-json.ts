import {
  pyStr,
  type PyEntry,
  type PyValue,
} from '@/lib/imagespec/python-value';
import { mergeEntries } from '@/lib/imagespec/with-chain';

/** JSON as Python's `json` reads it: integers, floats and the order of keys are kept apart. */
export function readOrderedJson(text: string): PyValue {
  let at = 0;
  const token = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)\s*/y;
  const next = (): string => {
    token.lastIndex = at;
    const found = token.exec(text)?.[1];
    if (found === undefined) throw new Error(`No JSON at character ${at}.`);
    at = token.lastIndex;
    return found;
  };
  const read = (first = next()): PyValue => {
    if (first === '{' || first === '[') return readMany(first);
    if (first.startsWith('"')) return pyStr(JSON.parse(first) as string);
    return readWord(first);
  };
  const readMany = (open: '{' | '['): PyValue => {
    const close = open === '{' ? '}' : ']';
    const values: PyValue[] = [];
    const entries: PyEntry[] = [];
    for (let part = next(); part !== close; part = next()) {
      if (part === ',') continue;
      const value = read(part);
      if (open === '[') values.push(value);
      else if (next() === ':') entries.push([value, read()]);
      else throw new Error(`No “:” before character ${at}.`);
    }
    return open === '['
      ? { type: 'list', items: values }
      : { type: 'dict', entries: mergeEntries(entries) };
  };
  const root = read();
  if (at !== text.length) throw new Error(`More than JSON at character ${at}.`);
  return root;
}

const FLOATS: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function readWord(word: string): PyValue {
  const float = FLOATS[word];
  if (float !== undefined) return { type: 'float', value: float };
  if (/^-?\d+$/.test(word)) {
    return { type: 'int', text: word === '-0' ? '0' : word };
  }
  const value: unknown = JSON.parse(word);
  if (value === null) return { type: 'none' };
  return typeof value === 'boolean'
    ? { type: 'bool', value }
    : { type: 'float', value: Number(value) };
}

/** Entries of a dict with text keys. */
export function entriesOf(value: PyValue | undefined): [string, PyValue][] {
  if (value?.type !== 'dict') return [];
  return value.entries.map(([key, item]) => [textOf(key) ?? '', item]);
}

export function get(value: PyValue | undefined, key: string) {
  return entriesOf(value).find(([name]) => name === key)?.[1];
}

export function items(value: PyValue | undefined): readonly PyValue[] {
  return value?.type === 'list' ? value.items : [];
}

export function textOf(value: PyValue | undefined): string | undefined {
  return value?.type === 'str' ? value.value : undefined;
}
