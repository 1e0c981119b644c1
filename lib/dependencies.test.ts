import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');
const OLDEST: readonly number[] = [20, 9, 0];

type Manifest = {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  engines?: { node?: string };
};

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Manifest;
}

function isAtMostOldest(version: string): boolean {
  const parts = version
    .split('.')
    .map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, oldest] of OLDEST.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) return part < oldest;
  }
  return true;
}

/** Whether one alternative of an `engines.node` range lets the oldest supported Node in. */
function admits(range: string): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .trim()
      .replace(/([<>=^~]+)\s+/g, '$1')
      .split(/\s+/)
      .every((comparator) => {
        const [, operator = '', version = ''] =
          /^([<>=^~]*)v?(.*)$/.exec(comparator) ?? [];
        if (version === '' || version === '*') return true;
        const isSameMajor = Number.parseInt(version, 10) === OLDEST[0];
        if (operator === '>=' || operator === '>')
          return isAtMostOldest(version);
        if (operator.startsWith('<')) return !isAtMostOldest(version);
        if (operator === '~')
          return (
            isSameMajor &&
            Number(version.split('.')[1] ?? OLDEST[1]) === OLDEST[1]
          );
        return isSameMajor && isAtMostOldest(version);
      }),
  );
}

const {
  dependencies = {},
  devDependencies = {},
  engines,
} = readManifest('package.json');
const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];

it('says which Node it needs', () => {
  expect(engines?.node).toBe(`>=${OLDEST.join('.')}`);
});

it.each([
  ['>=20.9.0', true],
  ['^18.18.0 || ^20.9.0 || >=21.1.0', true],
  ['>= 16', true],
  ['>=20.19.0', false],
  ['^20.19.0 || >=22.12.0', false],
  ['>=22', false],
])('reads the range %s', (range, expected) => {
  expect(admits(range)).toBe(expected);
});

it.each(names)('%s runs on the oldest Node we support', (name) => {
  const range = readManifest(`node_modules/${name}/package.json`).engines?.node;
  expect(range === undefined || admits(range), range).toBe(true);
});

it.each(names)('%s is explained in docs/dependencies.md', (name) => {
  const known = readFileSync(path.join(root, 'docs/dependencies.md'), 'utf8');
  const isCovered =
    known.includes(`\`${name}\``) ||
    [
      '@types/',
      '@tailwindcss/',
      'eslint-config',
      'prettier-plugin',
      'react-dom',
      'server-only',
      '@playwright/test',
    ].some((prefix) => name.startsWith(prefix));
  expect(isCovered, name).toBe(true);
});
