import { isTruthy, type PyValue } from '@/lib/imagespec/python-value';
import { baseFields, type FlytekitFields } from '@/lib/imagespec/tag';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { items, textOf } from './ordered-json';

/** The files of a vector file, which lie in a working folder named `fixtures`. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** Whether flytekit raises at a file or folder that a spec names, because it is not there or no path at all. */
export function isMissing(fields: FlytekitFields, files: Files): boolean {
  const { requirements, source_root: root, copy } = fields;
  const base = baseFields(fields);
  if (base && isMissing(base, files)) return true;
  if (isSet(root) && below(placeOf(root, files), files).size === 0) return true;
  if (isSet(copy) && !copyPlaces(copy, files)) return true;
  return isSet(requirements) && !files.has(placeOf(requirements, files) ?? '');
}

/**
 * The entries of `copy` as the files are named, '' for what is not there. Undefined where flytekit raises. A text is
 * walked as a folder, whatever it names.
 */
export function copyPlaces(copy: PyValue, files: Files): string[] | undefined {
  if (copy.type !== 'str' && copy.type !== 'list') return undefined;
  const entries = copy.type === 'str' ? [copy] : items(copy);
  if (entries.some(({ type }) => type !== 'str')) return undefined;
  return entries.map((entry) => {
    const text = textOf(entry) ?? '';
    const place = placeOf(entry, files);
    // Python takes no empty path for the folder it runs in.
    if (place === undefined || text === '') return '';
    // A path that ends in "/" names no file.
    const isFolder = copy.type === 'str' || /\/\.?$/.test(text);
    return isFolder ? `${place || '.'}/` : place || '.';
  });
}

/**
 * A path as the files are named: below the working folder, wherever it is written from. Undefined for what no path
 * leads to, and for what lies outside of that folder.
 */
export function placeOf(
  path: PyValue | undefined,
  files: Files,
): string | undefined {
  const text = textOf(path);
  if (text === undefined || text.startsWith('/')) return undefined;
  const parts = ['fixtures'];
  for (const part of text.replace(/^\$FX/, '').split('/')) {
    if (part === '..') {
      const isFolder = below(parts.slice(1).join('/'), files).size > 0;
      if (!isFolder) return undefined;
      parts.pop();
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  const [top, ...rest] = parts;
  return top === 'fixtures' ? rest.join('/') : undefined;
}

/** The files below a folder, by their path in it. */
export function below(place: string | undefined, files: Files): Files {
  if (place === undefined) return new Map();
  const prefix = place === '' ? '' : `${place}/`;
  return new Map(
    [...files]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, bytes]) => [path.slice(prefix.length), bytes]),
  );
}

export function treeOf(files: Files): ProjectTree {
  return new Map(
    [...files].map(([path, bytes]) => [path, { bytes, isExecutable: false }]),
  );
}

function isSet(value: PyValue | undefined): value is PyValue {
  return value !== undefined && isTruthy(value);
}
