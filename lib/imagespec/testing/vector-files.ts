import { sha1 } from '@noble/hashes/legacy';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import {
  copyDigest,
  requirementsDigest,
  sourceDigest,
  treeDigest,
  type TreeFile,
} from '@/lib/imagespec/digests';
import { isTruthy, type PyValue } from '@/lib/imagespec/python-value';
import type { ReleaseDigests } from '@/lib/imagespec/releases/outcome';
import { baseFields, type FlytekitFields } from '@/lib/imagespec/tag';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { sourcePaths } from '@/lib/imagespec/tree-source';
import { items, textOf } from './ordered-json';
import { walkOrders } from './walk-orders';

const NOTHING = treeDigest([]);
const MAX_ORDERS = 2000;

/** The files of a vector file, which lie in a working folder named `fixtures`. */
export type Files = ReadonlyMap<string, Uint8Array>;

/**
 * The digests of a spec, one for each order in which a disk may list its folders; those of a disk that sorts come
 * first. There may be very many, so they are made as they are asked for, and at most so many. Nothing is loaded, so
 * LOADED_MODULES copies nothing.
 */
export function* digestChoices(
  fields: FlytekitFields,
  files: Files,
): Generator<ReleaseDigests> {
  yield* take(allChoices(fields, files));
}

/** Those of a disk that sorts. */
export function sortedDigests(
  fields: FlytekitFields,
  files: Files,
): ReleaseDigests {
  const [first = {}] = take(allChoices(fields, files), 1);
  return first;
}

function* allChoices(
  fields: FlytekitFields,
  files: Files,
): Generator<ReleaseDigests> {
  const base = baseFields(fields);
  const content = files.get(placeOf(textOf(fields.requirements)));
  const fixed: ReleaseDigests = content
    ? {
        requirements: requirementsDigest(content),
        unstripped: bytesToHex(sha1(content)),
      }
    : {};
  for (const copy of copyDigests(fields.copy, files)) {
    for (const source of sourceDigests(fields, files)) {
      for (const inner of base ? digestChoices(base, files) : [undefined]) {
        yield {
          ...fixed,
          ...copy,
          ...source,
          ...(inner ? { base: inner } : {}),
        };
      }
    }
  }
}

/** Whether the file or folder that a spec names is not there; flytekit raises then. */
export function isMissing(fields: FlytekitFields, files: Files): boolean {
  const { requirements } = fields;
  const base = baseFields(fields);
  if (base && isMissing(base, files)) return true;
  const root = textOf(fields.source_root) ?? '';
  if (root !== '' && below(placeOf(root), files).size === 0) return true;
  return (
    requirements !== undefined &&
    isTruthy(requirements) &&
    !files.has(placeOf(textOf(requirements)))
  );
}

function* copyDigests(
  copy: PyValue | undefined,
  files: Files,
): Generator<Pick<ReleaseDigests, 'copy'>> {
  if (!copy || !isTruthy(copy)) {
    yield {};
    return;
  }
  // flytekit takes a text for one path.
  const entries = copy.type === 'str' ? [copy] : items(copy);
  const places = entries.map((entry) => copyPlace(textOf(entry) ?? ''));
  yield { copy: copyDigest(treeOf(files), places) };
  const others = combinations(
    places.map((place) => () => walkedFiles(place, files)),
  );
  others.next();
  for (const lists of others) yield { copy: treeDigest(lists.flat()) };
}

/** What `copy` takes for a file or folder, in each order that a disk may give. */
function* walkedFiles(place: string, files: Files): Generator<TreeFile[]> {
  if (place === '') {
    yield [];
    return;
  }
  const single = files.get(place);
  if (single) {
    yield [{ path: place.split('/').at(-1) ?? '', bytes: single }];
    return;
  }
  const folder = below(place.replace(/\/$/, '').replace(/^\.$/, ''), files);
  for (const order of walkOrders(folder.keys(), { sortsFiles: true })) {
    yield order.map((path) => fileOf(folder, path));
  }
}

function* sourceDigests(
  { source_root: value, source_copy_mode: mode }: FlytekitFields,
  files: Files,
): Generator<Partial<ReleaseDigests>> {
  const text = textOf(value) ?? '';
  const place = placeOf(text);
  const folder = below(place, files);
  if (text === '') {
    yield {};
    return;
  }
  if (folder.size === 0) {
    yield { sourceBefore: { '1.10.0': contentDigest([]) } };
    return;
  }
  const isAll = mode?.type === 'enum' && mode.repr.includes('ALL');
  // An absolute folder is the project itself to us, and anchored patterns hold in it.
  const [tree, root] = text.startsWith('$FX')
    ? [treeOf(folder), '/']
    : [treeOf(files), place];
  const kept = sourcePaths(tree, root).paths;
  const keptOfOld = sourcePaths(treeOf(folder), '/').paths;
  const source = isAll ? sourceDigest(tree, root) : NOTHING;
  const oldest = walkOrders(folder.keys(), { sortsFiles: false });
  const old = repeating(walkOrders(keptOfOld, { sortsFiles: true }));
  const walked = repeating(walkOrders(kept, { sortsFiles: true }));
  const inOrder = (order: readonly string[]) =>
    order.map((path) => fileOf(folder, path));
  for (const order of oldest) {
    yield {
      source,
      sourceBefore: {
        '1.10.0': contentDigest(inOrder(order)),
        '1.12.0': treeDigest(inOrder(old())),
        '1.13.6': isAll ? treeDigest(inOrder(walked())) : NOTHING,
      },
    };
  }
}

/** One after the other, and the last again when there are no more. */
function repeating(orders: Generator<string[]>): () => string[] {
  let last: string[] = [];
  return () => {
    const next = orders.next();
    if (next.done !== true) last = next.value;
    return last;
  };
}

function contentDigest(list: readonly TreeFile[]): string {
  const hash = sha256.create();
  for (const { bytes } of list) hash.update(bytes);
  return bytesToHex(hash.digest());
}

function treeOf(files: Files): ProjectTree {
  return new Map(
    [...files].map(([path, bytes]) => [path, { bytes, isExecutable: false }]),
  );
}

function below(place: string, files: Files): Files {
  const prefix = place === '' ? '' : `${place}/`;
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, bytes]) => [path.slice(prefix.length), bytes]),
  );
}

/** A path as the files are named: below the working folder, wherever it is written from. */
function placeOf(text: string | undefined): string {
  const whole = text?.startsWith('$FX')
    ? text.replace('$FX', '/fixtures')
    : `/fixtures/${text ?? ''}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const [top, ...rest] = parts;
  return top === 'fixtures' ? rest.join('/') : parts.join('/');
}

/** To Python a path that ends in "/" or is empty names no file, so that the end is kept. */
function copyPlace(text: string): string {
  if (text === '') return '';
  const place = placeOf(text) || '.';
  return /\/\.?$/.test(text) ? `${place}/` : place;
}

function fileOf(folder: Files, path: string): TreeFile {
  return { path, bytes: folder.get(path) ?? new Uint8Array() };
}

function* take<Item>(
  all: Generator<Item>,
  limit = MAX_ORDERS,
): Generator<Item> {
  let count = 0;
  for (const item of all) {
    yield item;
    count += 1;
    if (count === limit) return;
  }
}

/** One of each, in every way; the choice from the last changes fastest. */
function* combinations<Item>([
  first,
  ...rest
]: readonly (() => Generator<Item>)[]): Generator<Item[]> {
  if (!first) {
    yield [];
    return;
  }
  for (const item of first()) {
    for (const others of combinations(rest)) yield [item, ...others];
  }
}
