import type { BuildOptions } from './build-plan';
import { SpecError } from './errors';
import type { ImageSpec } from './schema';
import {
  checkTree,
  pathKind,
  pathParts,
  pathsBelow,
  sortedPaths,
  type ProjectFile,
  type ProjectTree,
} from './tree';
import {
  copiesSource,
  sourceFolder,
  sourcePaths,
  type SourceSelection,
} from './tree-source';

/** What an image takes from the project. Folders of the context keep it apart from everything else there. */
export type CopyPlan = {
  /** Path in the context's `copy` folder, and the folder of the image that its content, or the file, goes to. */
  copies: { source: string; target: string }[];
  /** Whether the context's `src` folder is copied. */
  copiesSource: boolean;
  /** What `source_root` holds; only with the whole project at hand. */
  selection: SourceSelection | null;
  /** Path in the context → file; empty for a preview. */
  projectFiles: Map<string, ProjectFile>;
  /** Entries of `copy` that were taken for a file or a folder by their name alone. */
  guessed: string[];
  /** Entries of `copy` with several sub-folders in one folder, whose order, and thus the tag, is up to the disk. */
  unordered: string[];
};

/** Whether a build needs the project's files. */
export function copiesProject(spec: ImageSpec): boolean {
  return Boolean(spec.copy?.length) || copiesSource(spec);
}

/** Throws `SPEC_INVALID` when the spec copies, and neither the project nor a preview's paths are given or hold it. */
export function toCopyPlan(spec: ImageSpec, options: BuildOptions): CopyPlan {
  const plan: CopyPlan = {
    copies: [],
    copiesSource: copiesSource(spec),
    selection: null,
    projectFiles: new Map(),
    guessed: [],
    unordered: [],
  };
  if (!copiesProject(spec)) return plan;
  const { tree } = options;
  const paths = tree ? sortedPaths(tree) : options.treePaths;
  if (paths === undefined) {
    throw invalid(
      spec.copy?.length ? 'copy' : 'source_root',
      'Upload the project folder; the image copies from it.',
    );
  }
  for (const entry of spec.copy ?? []) addCopy(plan, entry, paths);
  if (!tree) {
    if (plan.copiesSource) sourceFolder(spec.source_root ?? '', paths);
    return plan;
  }
  checkTree(tree);
  addFiles(plan, tree, paths ?? []);
  if (plan.copiesSource) addSource(plan, tree, spec.source_root ?? '');
  return plan;
}

function addCopy(
  plan: CopyPlan,
  entry: string,
  paths: readonly string[] | null,
): void {
  const parts = pathParts(entry);
  const source = parts.join('/');
  const kind = paths ? pathKind(paths, source) : guess(parts);
  if (kind === 'missing') {
    throw invalid(
      'copy',
      `The project has no “${entry}” (a folder counts only with a file in it). Correct the entry, or upload the project again.`,
    );
  }
  if (!paths) plan.guessed.push(entry);
  else if (hasSiblings(pathsBelow(paths, source))) plan.unordered.push(entry);
  const folder = kind === 'folder' ? parts : parts.slice(0, -1);
  plan.copies.push({ source, target: ['/root', ...folder, ''].join('/') });
}

/** Whether two folders, at any depth, lie side by side: then not each holds all that are deeper. */
function hasSiblings(paths: readonly string[]): boolean {
  const folders = [...new Set(paths.map(folderOf))].sort(
    (a, b) => a.length - b.length,
  );
  return folders.some(
    (folder, index) =>
      index > 0 && !folder.startsWith(folders[index - 1] ?? ''),
  );
}

/** With its "/" at the end. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A name with a dot is mostly a file's. */
function guess(parts: readonly string[]): 'file' | 'folder' {
  return parts.at(-1)?.includes('.') ? 'file' : 'folder';
}

function addFiles(
  { copies, projectFiles }: CopyPlan,
  tree: ProjectTree,
  paths: readonly string[],
): void {
  for (const source of new Set(copies.map((copy) => copy.source))) {
    const prefix = source === '' ? '' : `${source}/`;
    for (const path of paths) {
      const file = tree.get(path);
      if (file && (path === source || path.startsWith(prefix))) {
        projectFiles.set(`copy/${path}`, file);
      }
    }
  }
}

function addSource(plan: CopyPlan, tree: ProjectTree, root: string): void {
  plan.selection = sourcePaths(tree, root);
  const { folder, paths } = plan.selection;
  for (const path of paths) {
    const file = tree.get(folder === '' ? path : `${folder}/${path}`);
    if (file) plan.projectFiles.set(`src/${path}`, file);
  }
  // A COPY of nothing fails.
  plan.copiesSource = paths.length > 0;
}

function invalid(field: string, message: string): SpecError {
  return new SpecError(message, { [field]: message });
}
