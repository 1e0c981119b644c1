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
const MAX_ORDERS = 500;

/** The files of a vector file, which lie in a working folder named `fixtures`. */
export type Files = ReadonlyMap<string, Uint8Array>;

/**
 * The digests of a spec, one for each order in which a disk may list its folders; those of a disk that sorts come
 * first. Nothing is loaded, so LOADED_MODULES copies nothing.
 */
export function digestChoices(
  fields: FlytekitFields,
  files: Files,
): [ReleaseDigests, ...ReleaseDigests[]] {
  const base = baseFields(fields);
  const content = files.get(placeOf(textOf(fields.requirements)));
  const fixed: ReleaseDigests = {
    ...(content
      ? {
          requirements: requirementsDigest(content),
          unstripped: bytesToHex(sha1(content)),
        }
      : {}),
  };
  const bases = base
    ? digestChoices(base, files).map((digests) => ({ base: digests }))
    : [{}];
  const copies = copyDigests(fields.copy, files);
  const sources = sourceDigests(fields, files);
  const all = copies.flatMap((copy) =>
    sources.flatMap((source) =>
      bases.map((inner) => ({ ...fixed, ...inner, ...copy, ...source })),
    ),
  );
  const [first = fixed, ...rest] = all.slice(0, MAX_ORDERS);
  return [first, ...rest];
}

/** Whether the file that `requirements` names is not there; flytekit raises then. */
export function isMissing(fields: FlytekitFields, files: Files): boolean {
  const { requirements } = fields;
  const base = baseFields(fields);
  if (base && isMissing(base, files)) return true;
  return (
    requirements !== undefined &&
    isTruthy(requirements) &&
    !files.has(placeOf(textOf(requirements)))
  );
}

function copyDigests(copy: PyValue | undefined, files: Files) {
  if (!copy || !isTruthy(copy)) return [{}];
  const places = items(copy).map((entry) => copyPlace(textOf(entry) ?? ''));
  const others = combinations(
    places.map((place) => [...take(walkedFiles(place, files))]),
  );
  return [
    { copy: copyDigest(treeOf(files), places) },
    ...others.slice(1).map((lists) => ({ copy: treeDigest(lists.flat()) })),
  ];
}

/** What `copy` takes for a file or folder, in each order that a disk may give. */
function* walkedFiles(place: string, files: Files): Generator<TreeFile[]> {
  const single = files.get(place);
  if (single) {
    yield [{ path: place.split('/').at(-1) ?? '', bytes: single }];
    return;
  }
  const folder = below(place.replace(/\/$/, ''), files);
  for (const order of walkOrders(folder.keys(), { sortsFiles: true })) {
    yield order.map((path) => fileOf(folder, path));
  }
}

function sourceDigests(
  { source_root: value, source_copy_mode: mode }: FlytekitFields,
  files: Files,
): Partial<ReleaseDigests>[] {
  const text = textOf(value);
  if (text === undefined || text === '') return [{}];
  const place = placeOf(text);
  const folder = below(place, files);
  if (folder.size === 0) return [{}];
  const isAll = mode?.type === 'enum' && mode.repr.includes('ALL');
  // An absolute folder is the project itself to us, and anchored patterns hold in it.
  const [tree, root] = text.startsWith('$FX')
    ? [treeOf(folder), '/']
    : [treeOf(files), place];
  const kept = sourcePaths(tree, root).paths;
  const keptOfOld = sourcePaths(treeOf(folder), '/').paths;
  const walks = (paths: Iterable<string>, sortsFiles: boolean) => [
    ...take(walkOrders(paths, { sortsFiles })),
  ];
  const oldest = walks(folder.keys(), false);
  const [old, walked] = [walks(keptOfOld, true), walks(kept, true)];
  const inOrder = (orders: readonly string[][], index: number) =>
    (orders[index] ?? orders[0] ?? []).map((path) => fileOf(folder, path));
  return oldest.map((_order, index) => ({
    source: isAll ? sourceDigest(tree, root) : NOTHING,
    sourceBefore: {
      '1.10.0': contentDigest(inOrder(oldest, index)),
      '1.12.0': treeDigest(inOrder(old, index)),
      '1.13.6': isAll ? treeDigest(inOrder(walked, index)) : NOTHING,
    },
  }));
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

/** To Python a path that ends in "/" names no file, so that the end is kept. */
function copyPlace(text: string): string {
  return text.endsWith('/') ? `${placeOf(text)}/` : placeOf(text);
}

function fileOf(folder: Files, path: string): TreeFile {
  return { path, bytes: folder.get(path) ?? new Uint8Array() };
}

function* take<Item>(all: Generator<Item>): Generator<Item> {
  let count = 0;
  for (const item of all) {
    if (count >= MAX_ORDERS) return;
    count += 1;
    yield item;
  }
}

function combinations<Item>(lists: readonly Item[][]): Item[][] {
  return lists.reduce<Item[][]>(
    (all, list) =>
      all
        .flatMap((done) => list.map((item) => [...done, item]))
        .slice(0, MAX_ORDERS),
    [[]],
  );
}
