import { isDockerIgnored, parseDockerIgnore } from './docker-ignore';
import { SpecError } from './errors';
import { GitIgnore } from './git-ignore';
import { GlobWork } from './glob';
import type { ImageSpec } from './schema';
import {
  pathKind,
  pathParts,
  pathsBelow,
  type ProjectTree,
  sortedPaths,
} from './tree';

/** Which files of `source_root` flytekit takes. */
export type SourceSelection = {
  /** Cleaned path of the folder, '' for the project itself. */
  folder: string;
  /** Relative to the folder, in the order in which flytekit hashes them. */
  paths: string[];
  /** Those that `.dockerignore` would leave out, but does not, because `source_root` is a relative path. */
  notIgnored: string[];
  /** Those that are left out because a `.gitignore` names them. */
  gitIgnored: string[];
};

/** What of `source_root` goes into the image: undefined for nothing. Setting the folder alone means LOADED_MODULES. */
export function sourceCopyMode(
  spec: ImageSpec,
): 'LOADED_MODULES' | 'ALL' | undefined {
  const { source_copy_mode: mode, source_root: root } = spec;
  if (mode === 'NO_COPY') return undefined;
  return mode ?? (root === undefined ? undefined : 'LOADED_MODULES');
}

export const LOADED_MODULES_FAULT =
  'LOADED_MODULES, which holds for a source_root unless another is chosen, takes the files that your code imports when it runs, and Imageyard runs no code. Choose ALL, or NO_COPY when Flyte delivers the code (fast registration).';

/**
 * Whether files of `source_root` go into the image. Throws `SPEC_INVALID` for LOADED_MODULES, which only running the
 * code can tell, and for no folder.
 */
export function copiesSource(spec: ImageSpec): boolean {
  const mode = sourceCopyMode(spec);
  if (mode === undefined) return false;
  if (mode === 'LOADED_MODULES') {
    throw invalid('source_copy_mode', LOADED_MODULES_FAULT);
  }
  if (!spec.source_root) {
    throw invalid('source_root', 'Set source_root, the folder to copy.');
  }
  return true;
}

/** The cleaned path of `source_root`; an absolute one is the folder that was uploaded. Throws when nothing is there. */
export function sourceFolder(
  root: string,
  paths: readonly string[] | null,
): string {
  const parts = root.startsWith('/') ? [] : pathParts(root);
  const folder = parts.join('/');
  if (parts.includes('..')) {
    throw invalid(
      'source_root',
      'The folder leaves the project. Upload the folder above, and write the path below it.',
    );
  }
  if (paths && pathKind(paths, folder) !== 'folder') {
    throw invalid(
      'source_root',
      `The project has no folder “${root}” with a file in it. Correct it, or upload the project again.`,
    );
  }
  return folder;
}

// Python's fnmatch of *.pyc, .cache, .cache/*, __pycache__/* and **/__pycache__/*, in which "*" also takes "/".
const ALWAYS_IGNORED = /\.pyc$|^\.cache(?:\/|$)|(?:^|\/)__pycache__\//;

/**
 * The files that the mode ALL copies, as flytekit selects them. It compares paths as it walks them: with a relative
 * `source_root` they begin with that folder, so that a pattern of `.dockerignore` from the start of the path, or a name
 * that git lists, does not fit.
 */
export function sourcePaths(tree: ProjectTree, root: string): SourceSelection {
  const all = sortedPaths(tree);
  const folder = sourceFolder(root, all);
  const prefix = folder === '' ? '' : `${folder}/`;
  const work = new GlobWork();
  const git = new GitIgnore(tree, work);
  const docker = parseDockerIgnore(ignoreText(tree, `${prefix}.dockerignore`));
  const start = root.startsWith('/') ? '' : root.replace(/\/*$/, '/');
  const paths: string[] = [];
  const notIgnored: string[] = [];
  const gitIgnored: string[] = [];
  for (const path of pathsBelow(all, folder)) {
    if (path.split('/').slice(0, -1).includes('.git')) continue;
    const walked = start + path;
    const listed = pathParts(walked).join('/');
    if (tree.has(prefix + listed) && git.isListed(prefix + listed, prefix)) {
      gitIgnored.push(path);
    } else if (
      !isDockerIgnored(docker, walked, work) &&
      !ALWAYS_IGNORED.test(walked)
    ) {
      paths.push(path);
      if (isDockerIgnored(docker, path, work)) notIgnored.push(path);
    }
  }
  return { folder, paths, notIgnored, gitIgnored };
}

function ignoreText(tree: ProjectTree, path: string): string {
  const file = tree.get(path);
  if (!file) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      file.bytes,
    );
  } catch {
    throw invalid('source_root', `${path} is not UTF-8 text. Save it as such.`);
  }
}

function invalid(field: string, message: string): SpecError {
  return new SpecError(message, { [field]: message });
}
