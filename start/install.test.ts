import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installFailure, isInstalled } from './install.js';

type Packages = Record<string, Record<string, unknown>>;

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'imageyard-install-'));
  mkdirSync(path.join(checkout, 'node_modules/next'), { recursive: true });
  writeFileSync(path.join(checkout, 'node_modules/next/package.json'), '{}');
});
afterEach(() => rmSync(checkout, { recursive: true }));

const NEXT = {
  'node_modules/next': { version: '16.4.6', integrity: 'sha512-a' },
};
const DEV = {
  'node_modules/vitest': { version: '4.1.0', integrity: 'sha512-b', dev: true },
};
const OTHER_SYSTEM = {
  'node_modules/darwin': {
    version: '1.0.0',
    integrity: 'sha512-c',
    optional: true,
  },
};

function isMatch(wanted: Packages, present: Packages | null, withDev = false) {
  const write = (name: string, packages: Packages) =>
    writeFileSync(path.join(checkout, name), JSON.stringify({ packages }));
  write('package-lock.json', { '': { name: 'imageyard' }, ...wanted });
  if (present) write('node_modules/.package-lock.json', present);
  return isInstalled(checkout, { withDev });
}

it.each<[string, Packages, Packages | null, boolean, boolean]>([
  ['everything is there', NEXT, NEXT, false, true],
  ['nothing is there', NEXT, null, false, false],
  [
    'another version is there',
    NEXT,
    { 'node_modules/next': { version: '16.4.5', integrity: 'sha512-a' } },
    false,
    false,
  ],
  [
    'the same version with other content is there',
    NEXT,
    { 'node_modules/next': { version: '16.4.6', integrity: 'sha512-z' } },
    false,
    false,
  ],
  [
    'a package is listed but its folder is gone',
    { 'node_modules/pg': { version: '8.0.0' } },
    { 'node_modules/pg': { version: '8.0.0' } },
    false,
    false,
  ],
  [
    'packages for development are missing, and not needed',
    { ...NEXT, ...DEV },
    NEXT,
    false,
    true,
  ],
  [
    'packages for development are missing, and needed',
    { ...NEXT, ...DEV },
    NEXT,
    true,
    false,
  ],
  [
    'a package of another system is missing',
    { ...NEXT, ...OTHER_SYSTEM },
    NEXT,
    true,
    true,
  ],
])('when %s', (_, wanted, present, withDev, expected) => {
  expect(isMatch(wanted, present, withDev)).toBe(expected);
});

it.each([
  ['npm error code ENOTFOUND', 'the package registry cannot be reached'],
  ['npm error code ENOSPC', 'the disk is full'],
  ['npm error code EROFS', 'this folder cannot be written'],
  [
    'npm error code SELF_SIGNED_CERT_IN_CHAIN',
    'the certificate of the package registry is not trusted here',
  ],
  ['npm error code EUSAGE', 'package-lock.json does not fit'],
  ['something else', 'npm ended with an error'],
])('puts %j into words', (output, words) => {
  expect(installFailure(output, '/logs/install.log')).toBe(
    `The packages could not be installed: ${words}. Log: /logs/install.log`,
  );
});
