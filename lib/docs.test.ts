import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '@/lib/errors';

const root = path.join(import.meta.dirname, '..');

/** Markdown files that speak of today; decisions speak of their day. */
function listDocs(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      const isOurs = ![
        'node_modules',
        'decisions',
        'test-results',
        'testdata',
      ].includes(entry.name);
      return isOurs && !entry.name.startsWith('.') ? listDocs(file) : [];
    }
    return entry.name.endsWith('.md') ? [path.relative(root, file)] : [];
  });
}

const FOLDERS = [
  'app',
  'components',
  'lib',
  'db',
  'worker',
  'start',
  'e2e',
  'bench',
  'docs',
];
const { scripts } = JSON.parse(
  readFileSync(path.join(root, 'package.json'), 'utf8'),
) as {
  scripts: Record<string, string>;
};

/** Paths of this repository that a text names in backticks or links to. */
function namedPaths(file: string, text: string): string[] {
  const coded = [...text.matchAll(/`([\w.@/[\]()-]+)`/g)]
    .map((match) => match[1] ?? '')
    .filter(
      (name) =>
        FOLDERS.includes(name.split('/')[0] ?? '') &&
        name.includes('/') &&
        !name.endsWith('/'),
    );
  const linked = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
    (match) => path.join(path.dirname(file), match[1] ?? ''),
  );
  return [...coded, ...linked];
}

describe.each(listDocs())('%s', (file) => {
  const text = readFileSync(path.join(root, file), 'utf8');

  it('names only paths that exist', () => {
    expect(
      namedPaths(file, text).filter(
        (name) => !existsSync(path.join(root, name)),
      ),
    ).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('names only error codes that exist', () => {
    const named = [
      ...text.matchAll(
        /\b(?:REGISTRY|BUILD|SPEC|WORKER|CREDENTIAL|ATTEMPT)_[A-Z_]+\b/g,
      ),
    ].map(([name]) => name);
    const known = [...Object.keys(ERRORS), 'BUILD_ENGINE'];
    const isKnown = (name: string) =>
      known.includes(name) || text.includes(`IMAGEYARD_${name}`);
    expect(named.filter((name) => !isKnown(name))).toEqual([]);
  });
});
