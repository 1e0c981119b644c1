import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Scalar,
  type Document,
  type Node,
} from 'yaml';
import { resolveScalar } from './yaml-scalars';
import {
  pyNone,
  pyStr,
  type PyEntry,
  type PyValue,
} from '@/lib/imagespec/python-value';
import { mergeEntries } from '@/lib/imagespec/with-chain';

/** A value of a YAML text with the node that gives it. */
export type YamlValue = {
  value: PyValue;
  node: Node | null;
  items?: readonly YamlValue[];
  entries?: readonly { key: YamlValue; value: YamlValue }[];
};

/** Something PyYAML's safe loader refuses, or that is no plain Python value. */
export class YamlFault extends Error {
  readonly node: Node | null;

  constructor(node: Node | null, message: string) {
    super(message);
    this.node = node;
  }
}

const MAX_DEPTH = 20;
const MAX_NODES = 20_000;
const TAG = 'tag:yaml.org,2002:';
const TYPES: Readonly<Record<string, PyValue['type']>> = {
  str: 'str',
  int: 'int',
  float: 'float',
  bool: 'bool',
  null: 'none',
};

/** Reads the nodes of a YAML text as PyYAML's safe loader makes Python values of them. */
export class YamlTree {
  readonly #document: Document;
  #nodes = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Throws `YamlFault`. */
  read(node: unknown, depth = 0): YamlValue {
    this.#nodes += 1;
    if (depth > MAX_DEPTH || this.#nodes > MAX_NODES) {
      throw new YamlFault(nodeOf(node), 'It is too large or too deep to read.');
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      if (!target)
        throw new YamlFault(node, 'It refers to an anchor that is not there.');
      return { ...this.read(target, depth + 1), node };
    }
    if (isScalar(node)) return { value: readScalar(node), node };
    if (isSeq(node)) {
      requireTag(node, 'seq');
      const items = node.items.map((item) => this.read(item, depth + 1));
      const value: PyValue = {
        type: 'list',
        items: items.map((item) => item.value),
      };
      return { value, node, items };
    }
    if (isMap(node)) {
      requireTag(node, 'map');
      const entries = this.#entries(node.items, depth);
      const pairs = entries.map(({ key, value }): PyEntry => [
        key.value,
        value.value,
      ]);
      return {
        value: { type: 'dict', entries: mergeEntries(pairs) },
        node,
        entries,
      };
    }
    return { value: pyNone, node: null };
  }

  /** The entries of a mapping, those of `<<: *other` first, as if they had been written before. */
  #entries(items: readonly { key: unknown; value: unknown }[], depth: number) {
    const own: { key: YamlValue; value: YamlValue }[] = [];
    const merged: { key: YamlValue; value: YamlValue }[] = [];
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        const source = this.read(value, depth + 1);
        const sources = source.items ? [...source.items].reverse() : [source];
        for (const one of sources) {
          if (!one.entries)
            throw new YamlFault(
              nodeOf(value),
              'Only a mapping can be merged with <<.',
            );
          merged.push(...one.entries);
        }
        continue;
      }
      const read = this.read(key, depth + 1);
      if (read.items || read.entries) {
        throw new YamlFault(read.node, 'A list or mapping cannot be a key.');
      }
      if (isScalar(key) && key.source === '' && key.type === Scalar.PLAIN) {
        throw new YamlFault(key, 'A name is missing before the “:”.');
      }
      own.push({ key: read, value: this.read(value, depth + 1) });
    }
    return [...merged, ...own];
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.source === '<<';
}

function readScalar(node: Scalar): PyValue {
  const text =
    typeof node.value === 'string' ? node.value : (node.source ?? '');
  const isPlain = node.type === Scalar.PLAIN || node.type === undefined;
  // PyYAML takes a bare `!` for no tag at all.
  if (node.tag === undefined || node.tag === '!') {
    return isPlain ? plain(node, text) : pyStr(text);
  }
  const type = TYPES[node.tag.replace(TAG, '')];
  if (type === 'str') return pyStr(text);
  const value = type && plain(node, text);
  if (value?.type !== type || !value) throw unknownTag(node, node.tag);
  return value;
}

function plain(node: Node, text: string): PyValue {
  const scalar = resolveScalar(text);
  if ('value' in scalar) return scalar.value;
  throw new YamlFault(node, `It is ${scalar.refused}: put quotes around it.`);
}

function requireTag(node: Node & { tag?: string }, kind: 'seq' | 'map'): void {
  const isPlain =
    node.tag === undefined || node.tag === '!' || node.tag === TAG + kind;
  if (!isPlain) throw unknownTag(node, node.tag ?? '');
}

function unknownTag(node: Node, tag: string): YamlFault {
  const shown = tag.startsWith(TAG) ? `!!${tag.slice(TAG.length)}` : tag;
  const message = shown.includes('python')
    ? `flytekit reads YAML with the safe loader, which refuses ${shown}.`
    : `${shown} makes no value that ImageSpec takes. Remove it.`;
  return new YamlFault(node, message);
}

function nodeOf(node: unknown): Node | null {
  return isScalar(node) || isSeq(node) || isMap(node) || isAlias(node)
    ? node
    : null;
}
