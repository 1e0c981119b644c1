import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runTask } from './children.js';
import { logFile, readSince } from './logs.js';
import { repairLinks } from './postgres-binaries.js';
import { StartError } from './start-error.js';

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes node_modules/.package-lock.json when an
 * install has ended well, so that file is the proof. Packages for development may be missing altogether unless asked for.
 */
export function isInstalled(checkout, { withDev }) {
  const wanted = readPackages(path.join(checkout, 'package-lock.json'));
  const present = readPackages(
    path.join(checkout, 'node_modules/.package-lock.json'),
  );
  if (!wanted || !present) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '') return true;
    const found = present[place];
    if (!found) return entry.optional === true || (!withDev && isDev(entry));
    return (
      found.version === entry.version &&
      found.integrity === entry.integrity &&
      (entry.optional === true ||
        existsSync(path.join(checkout, place, 'package.json')))
    );
  });
}

function isDev(entry) {
  return entry.dev === true || entry.devOptional === true;
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

/** Installs exactly what package-lock.json says. What is for development stays away, unless asked for or there before. */
export async function install({ checkout, withDev, logs, guard, signal, env }) {
  const present = readPackages(
    path.join(checkout, 'node_modules/.package-lock.json'),
  );
  const keepsDev = withDev || Object.values(present ?? {}).some(isDev);
  const file = logFile(logs, 'install');
  const [command, ...npm] = npmCommand(env);
  const { code, offset } = await runTask({
    command,
    args: [
      ...npm,
      'ci',
      '--no-audit',
      '--no-fund',
      '--include=optional',
      keepsDev ? '--include=dev' : '--omit=dev',
    ],
    cwd: checkout,
    env,
    logFile: file,
    guard,
    signal,
  });
  if (code !== 0)
    throw new StartError(installFailure(readSince(file, offset), file));
  repairLinks(checkout);
}

function npmCommand(env) {
  const own = env.npm_execpath;
  return own?.endsWith('.js') && existsSync(own)
    ? [process.execPath, own]
    : ['npm'];
}

const FAILURES = [
  [/ENOSPC/, 'the disk is full'],
  [/EROFS|EACCES|EPERM/, 'this folder cannot be written'],
  [
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET/,
    'the package registry cannot be reached',
  ],
  [
    /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_/,
    'the certificate of the package registry is not trusted here',
  ],
  [/EUSAGE|EINTEGRITY/, 'package-lock.json does not fit'],
];

export function installFailure(output, file) {
  const [, reason] = FAILURES.find(([pattern]) => pattern.test(output)) ?? [
    null,
    'npm ended with an error',
  ];
  return `The packages could not be installed: ${reason}. Log: ${file}`;
}
