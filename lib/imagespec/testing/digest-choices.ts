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
import { isBefore, type Release } from '@/lib/imagespec/releases/release';
import { baseFields, type FlytekitFields } from '@/lib/imagespec/tag';
import { sourcePaths } from '@/lib/imagespec/tree-source';
import { textOf } from './ordered-json';
import { below, copyPlaces, type Files, placeOf, treeOf } from './vector-files';
import { combinations, take, walkOrders } from './walk-orders';

const NOTHING = treeDigest([]);
const MAX_ORDERS = 2000;
/** How much may be hashed for all the orders of one field: a vector has to end within a few seconds. */
const MAX_BYTES = 16 * 1024 ** 2;

/** The releases from which something else of a disk's order counts. */
const KINDS = ['1.10.0', '1.12.0', '1.13.5', '1.13.6', '1.14.0'] as const;
export type DigestKind = (typeof KINDS)[number];

/** Releases of one kind digest the same files in the same way. */
export function digestKind(release: Release): DigestKind {
  return KINDS.findLast((since) => !isBefore(release, since)) ?? KINDS[0];
}

/**
 * The digests of a spec, one for each order in which a disk may list its folders; those of a disk that sorts come
 * first. There may be very many, so they are made as they are asked for, and at most so many. Nothing is loaded, so
 * LOADED_MODULES copies nothing.
 */
export function* digestChoices(
  fields: FlytekitFields,
  files: Files,
  kind: DigestKind,
): Generator<ReleaseDigests> {
  const base = baseOf(fields, kind);
  const all = combinations<ReleaseDigests>([
    () => copyChoices(fields.copy, files),
    () => sourceChoices(fields, files, kind),
    () => (base ? baseChoices(base, files, kind) : [{}]),
  ]);
  const fixed = requirementsDigests(fields, files);
  for (const parts of take(all, MAX_ORDERS)) {
    yield Object.assign({}, fixed, ...parts) as ReleaseDigests;
  }
}

/** Those of a disk that sorts, as today's releases take them. */
export function sortedDigests(
  fields: FlytekitFields,
  files: Files,
): ReleaseDigests {
  const [first = {}] = take(digestChoices(fields, files, '1.14.0'), 1);
  return first;
}

/** A base image whose files count: some releases hash its fields as they are written. */
function baseOf(
  fields: FlytekitFields,
  kind: DigestKind,
): FlytekitFields | undefined {
  return kind === '1.10.0' || kind === '1.13.5'
    ? undefined
    : baseFields(fields);
}

function* baseChoices(
  base: FlytekitFields,
  files: Files,
  kind: DigestKind,
): Generator<ReleaseDigests> {
  for (const choice of digestChoices(base, files, kind)) yield { base: choice };
}

function requirementsDigests(
  { requirements }: FlytekitFields,
  files: Files,
): ReleaseDigests {
  const content = files.get(placeOf(requirements, files) ?? '');
  if (!content) return {};
  return {
    requirements: requirementsDigest(content),
    unstripped: bytesToHex(sha1(content)),
  };
}

function* copyChoices(
  copy: PyValue | undefined,
  files: Files,
): Generator<ReleaseDigests> {
  const places = copy && isTruthy(copy) && copyPlaces(copy, files);
  if (!places) {
    yield {};
    return;
  }
  yield { copy: copyDigest(treeOf(files), places) };
  const others = combinations(
    places.map((place) => () => walkedFiles(place, files)),
  );
  const first = others.next();
  const limit = first.done === true ? 0 : orderLimit(first.value.flat());
  for (const lists of take(others, limit - 1)) {
    yield { copy: treeDigest(lists.flat()) };
  }
}

/** What `copy` takes for a file or folder, in each order that a disk may give. */
function* walkedFiles(place: string, files: Files): Generator<TreeFile[]> {
  const single = files.get(place);
  if (place === '') {
    yield [];
  } else if (single) {
    yield [{ path: place.split('/').at(-1) ?? '', bytes: single }];
  } else {
    const folder = below(place.replace(/\/$/, '').replace(/^\.$/, ''), files);
    yield* filesInOrder(folder, folder.keys(), true);
  }
}

function* sourceChoices(
  { source_root: value, source_copy_mode: mode }: FlytekitFields,
  files: Files,
  kind: DigestKind,
): Generator<ReleaseDigests> {
  const text = textOf(value) ?? '';
  const place = placeOf(value, files);
  const folder = below(place, files);
  const isAll = mode?.type === 'enum' && mode.repr.includes('ALL');
  // An absolute folder is the project itself to us, and anchored patterns hold in it.
  const [tree, root] = text.startsWith('$FX')
    ? [treeOf(folder), '/']
    : [treeOf(files), place ?? ''];
  if (text === '') {
    yield {};
  } else if (kind === '1.10.0') {
    for (const list of filesInOrder(folder, folder.keys(), false)) {
      yield { sourceBefore: { '1.10.0': contentDigest(list) } };
    }
  } else if (folder.size === 0) {
    yield {};
  } else if (kind === '1.14.0') {
    yield { source: isAll ? sourceDigest(tree, root) : NOTHING };
  } else if (kind === '1.13.6') {
    const kept = isAll ? sourcePaths(tree, root).paths : [];
    for (const list of filesInOrder(folder, kept, true)) {
      yield { sourceBefore: { '1.13.6': treeDigest(list) } };
    }
  } else {
    const kept = sourcePaths(treeOf(folder), '/').paths;
    for (const list of filesInOrder(folder, kept, true)) {
      yield { sourceBefore: { '1.12.0': treeDigest(list) } };
    }
  }
}

/** Files of a folder in each order of a disk, but fewer orders of a large folder. */
function* filesInOrder(
  folder: Files,
  paths: Iterable<string>,
  sortsFiles: boolean,
): Generator<TreeFile[]> {
  const toFile = (path: string): TreeFile => ({
    path,
    bytes: folder.get(path) ?? new Uint8Array(),
  });
  const limit = orderLimit([...folder.keys()].map(toFile));
  for (const order of take(walkOrders(paths, { sortsFiles }), limit)) {
    yield order.map(toFile);
  }
}

/** How many orders of such files are tried. Each file takes time by itself, too. */
function orderLimit(list: readonly TreeFile[]): number {
  const size = list.reduce((sum, { bytes }) => sum + 256 + bytes.length, 1);
  return Math.min(MAX_ORDERS, Math.max(1, Math.floor(MAX_BYTES / size)));
}

function contentDigest(list: readonly TreeFile[]): string {
  const hash = sha256.create();
  for (const { bytes } of list) hash.update(bytes);
  return bytesToHex(hash.digest());
}
