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

function* ordersOf(folder: Folder, options: WalkOptions): Generator<string[]> {
  const files = options.sortsFiles
    ? [folder.files]
    : permutations(folder.files);
  for (const first of files) {
    for (const folders of permutations([...folder.folders.values()])) {
      for (const rest of joined(folders, options)) yield [...first, ...rest];
    }
  }
}

function* joined(
  [folder, ...others]: readonly Folder[],
  options: WalkOptions,
): Generator<string[]> {
  if (!folder) {
    yield [];
    return;
  }
  for (const first of ordersOf(folder, options)) {
    for (const rest of joined(others, options)) yield [...first, ...rest];
  }
}

function* permutations<Item>(items: readonly Item[]): Generator<Item[]> {
  if (items.length === 0) {
    yield [];
    return;
  }
  for (const [index, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(index, 1))) {
      yield [item, ...rest];
    }
  }
}
