import type { SyntaxNode } from '@lezer/common';
import { readArguments } from './python-arguments';
import { resolved, unresolved, type Reading } from './python-reading';
import { bracketed } from './python-tree';
import { pyStr, type PyEntry, type PyValue } from './python-value';
import { mergeEntries } from './with-chain';

type Read = (node: SyntaxNode) => Reading;

/** A list or a tuple, `*other` spread. */
export function readItems(
  node: SyntaxNode,
  type: 'list' | 'tuple',
  read: Read,
): Reading {
  const items: PyValue[] = [];
  for (const part of bracketed(node)) {
    const isStar = part.length === 2 && part[0]?.name === '*';
    const item = isStar ? part[1] : part[0];
    if (!item || (part.length !== 1 && !isStar)) return unresolved();
    const reading = read(item);
    if (reading.kind !== 'value') return notAValue(reading);
    if (!isStar) items.push(reading.value);
    else if ('items' in reading.value) items.push(...reading.value.items);
    else return unresolved('It spreads what is no list.');
    const soFar = resolved({ type, items });
    if (soFar.kind !== 'value') return soFar;
  }
  return resolved({ type, items });
}

/** A dict, `**other` spread. */
export function readDict(node: SyntaxNode, read: Read): Reading {
  const entries: PyEntry[] = [];
  for (const part of bracketed(node)) {
    const [first, second, third] = part;
    if (first?.name === '**' && second && part.length === 2) {
      const reading = read(second);
      const fault = spread(entries, reading);
      if (fault) return fault;
    } else if (first && second?.name === ':' && third && part.length === 3) {
      const key = read(first);
      if (key.kind !== 'value') return notAValue(key);
      const item = read(third);
      if (item.kind !== 'value') return notAValue(item);
      entries.push([key.value, item.value]);
    } else return unresolved();
  }
  return resolved({ type: 'dict', entries: mergeEntries(entries) });
}

/** The arguments of `dict(…)`. */
export function readDictArguments(
  args: SyntaxNode,
  text: string,
  read: Read,
): Reading {
  const entries: PyEntry[] = [];
  for (const argument of readArguments(args, text)) {
    if (argument.kind === 'other' || argument.kind === 'star') {
      return unresolved('It is computed by a comprehension.');
    }
    const reading = read(argument.value);
    if (argument.kind === 'keyword') {
      if (reading.kind !== 'value') return notAValue(reading);
      entries.push([pyStr(argument.name), reading.value]);
    } else {
      const fault = spread(entries, reading);
      if (fault) return fault;
    }
  }
  return resolved({ type: 'dict', entries: mergeEntries(entries) });
}

function spread(entries: PyEntry[], reading: Reading): Reading | undefined {
  if (reading.kind !== 'value') return notAValue(reading);
  if (reading.value.type !== 'dict') {
    return unresolved('It spreads what is no dict.');
  }
  entries.push(...reading.value.entries);
  const soFar = resolved({ type: 'dict', entries });
  return soFar.kind === 'value' ? undefined : soFar;
}

function notAValue(reading: Reading): Reading {
  return reading.kind === 'spec'
    ? unresolved('It holds an image spec among other values.')
    : reading;
}
