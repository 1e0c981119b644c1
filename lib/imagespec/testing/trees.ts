import type { ProjectTree } from '@/lib/imagespec/tree';

/** A project of these files, path → text. Those whose text begins with `#!` may be run. */
export function treeOf(files: Readonly<Record<string, string>>): ProjectTree {
  return new Map(
    Object.entries(files).map(([path, text]) => [
      path,
      {
        bytes: new TextEncoder().encode(text),
        isExecutable: text.startsWith('#!'),
      },
    ]),
  );
}
