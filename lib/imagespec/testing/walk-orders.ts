import { byCodePoint } from '@/lib/imagespec/tree';

/** How `os.walk` may list a folder: it sorts nothing, and flytekit sorts the files of a folder in some releases. */
export type WalkOptions = { sortsFiles: boolean };

type Folder = { files: string[]; folders: Map<string, Folder> };

/** Every order in which a top-down walk may meet the paths, the one of a disk that sorts first. There may be many. */
export function* walkOrders(
  paths: Iterable<string>,
  options: WalkOptions,
): Generator<string[]> {
  const root: Folder = { files: [], folders: new Map() };
  for (const path of [...paths].sort(byCodePoint)) {
    const parts = path.split('/');
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const inner = folder.folders.get(part) ?? {
        files: [],
        folders: new Map(),
      };
      folder.folders.set(part, inner);
      folder = inner;
    }
    folder.files.push(path);
  }
  yield* ordersOf(root, options);
}

/** One of each, in every way; the choice from the last changes fastest. */
export function* combinations<Item>([
  first,
  ...rest
]: readonly (() => Iterable<Item>)[]): Generator<Item[]> {
  if (!first) {
    yield [];
    return;
  }
  for (const item of first()) {
    for (const others of combinations(rest)) yield [item, ...others];
  }
}

/** At most so many of them; what comes after those is not made. */
export function* take<Item>(
  all: Iterable<Item>,
  limit: number,
): Generator<Item> {
  if (limit <= 0) return;
  let count = 0;
  for (const item of all) {
    yield item;
    count += 1;
    if (count >= limit) return;
  }
}

/** All of them, each time it is called; none is made twice. */
export function replay<Item>(all: Iterator<Item>): () => Generator<Item> {
  const made: Item[] = [];
  return function* () {
    for (let at = 0; ; at += 1) {
      if (at === made.length) {
        const next = all.next();
        if (next.done === true) return;
        made.push(next.value);
      }
      yield made[at] as Item;
    }
  };
}

function* ordersOf(folder: Folder, options: WalkOptions): Generator<string[]> {
  const files = options.sortsFiles
    ? [folder.files]
    : permutations(folder.files);
  for (const first of files) {
    for (const folders of permutations([...folder.folders.values()])) {
      const inner = folders.map((one) => () => ordersOf(one, options));
      for (const rest of combinations(inner)) yield [...first, ...rest.flat()];
    }
  }
}

/** Those that keep the longest beginning come first. In a loop, because a folder may hold more files than a stack. */
function* permutations<Item>(items: readonly Item[]): Generator<Item[]> {
  let order = items.map((_, index) => index);
  const rank = (at: number) => order[at] ?? -1;
  for (;;) {
    yield order.map((index) => items[index] as Item);
    let at = order.length - 2;
    while (at >= 0 && rank(at) > rank(at + 1)) at -= 1;
    if (at < 0) return;
    let other = order.length - 1;
    while (rank(other) < rank(at)) other -= 1;
    [order[at], order[other]] = [rank(other), rank(at)];
    order = [...order.slice(0, at + 1), ...order.slice(at + 1).reverse()];
  }
}
