import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isFieldName } from '@/lib/imagespec/fields';
import { pyStr, type PyValue } from '@/lib/imagespec/python-value';

export type Vector = {
  id: string;
  kwargs: PyValue;
  specId?: string;
  tag?: string;
  imageName?: string;
  preimage?: string;
  error?: string;
};

const FILE = path.join(import.meta.dirname, '../testdata/imagespec_tags.json');

/** The vectors of flytekit 1.16.24, and the files they name. Numbers and key order are kept as Python saw them. */
export function readVectors(): {
  vectors: Vector[];
  files: Map<string, Uint8Array>;
} {
  const root = readOrderedJson(readFileSync(FILE, 'utf8'));
  const vectors = items(get(root, 'vectors')).map((vector) => ({
    id: textOf(get(vector, 'id')) ?? '',
    kwargs: get(vector, 'kwargs') ?? { type: 'none' as const },
    specId: textOf(get(vector, 'spec_id')),
    tag: textOf(get(vector, 'tag')),
    imageName: textOf(get(vector, 'image_name')),
    preimage: textOf(get(vector, 'preimage')),
    error: textOf(get(vector, 'error')),
  }));
  const files = new Map<string, Uint8Array>();
  for (const [name, content] of entriesOf(get(root, 'files'))) {
    const text = textOf(get(content, 'utf8'));
    const base64 = textOf(get(content, 'base64')) ?? '';
    files.set(
      name,
      text === undefined
        ? new Uint8Array(Buffer.from(base64, 'base64'))
        : new TextEncoder().encode(text),
    );
  }
  return { vectors, files };
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

/** Plain JSON of a value, as far as JSON can hold it; dicts become pairs. */
export function toPlain(value: PyValue): unknown {
  switch (value.type) {
    case 'none':
      return undefined;
    case 'bool':
    case 'str':
    case 'float':
      return value.value;
    case 'int':
      return Number(value.text);
    case 'list':
    case 'tuple':
      return value.items.map(toPlain);
    case 'dict':
      return value.entries.map(([key, item]) => [toPlain(key), toPlain(item)]);
    case 'enum':
      return value.repr;
  }
}

/** Whether every keyword of a vector is a field of the given names and no nested spec. */
export function usesOnly(vector: Vector, names: readonly string[]): boolean {
  return entriesOf(vector.kwargs).every(
    ([name, value]) =>
      isFieldName(name) &&
      names.includes(name) &&
      !(name === 'base_image' && value.type === 'dict'),
  );
}

function readOrderedJson(text: string): PyValue {
  let at = 0;
  const token = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)\s*/y;
  const next = (): string => {
    token.lastIndex = at;
    const found = token.exec(text)?.[1];
    if (found === undefined) throw new Error(`No JSON at ${at}`);
    at = token.lastIndex;
    return found;
  };
  const read = (first = next()): PyValue => {
    if (first === '{' || first === '[') return readMany(first);
    if (first.startsWith('"')) return pyStr(JSON.parse(first) as string);
    if (first === 'null') return { type: 'none' };
    if (first === 'true' || first === 'false') {
      return { type: 'bool', value: first === 'true' };
    }
    return /[.eE]/.test(first)
      ? { type: 'float', value: Number(first) }
      : { type: 'int', text: first };
  };
  const readMany = (open: '{' | '['): PyValue => {
    const close = open === '{' ? '}' : ']';
    const values: PyValue[] = [];
    const entries: (readonly [PyValue, PyValue])[] = [];
    for (let part = next(); part !== close; part = next()) {
      if (part === ',') continue;
      const value = read(part);
      if (open === '[') values.push(value);
      else if (next() === ':') entries.push([value, read()]);
    }
    return open === '['
      ? { type: 'list', items: values }
      : { type: 'dict', entries };
  };
  return read();
}
