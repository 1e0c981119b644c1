import { createHash } from 'node:crypto';
import {
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { runTask } from './children.js';
import { logFile, readSince } from './logs.js';
import { StartError } from './start-error.js';

const SOURCES = [
  'app',
  'components',
  'db/index.ts',
  'db/schema',
  'instrumentation.ts',
  'lib',
  'next.config.js',
  'package-lock.json',
  'package.json',
  'postcss.config.js',
  'proxy.ts',
  'public',
  'tsconfig.json',
];
const NOT_BUILT = /\.test\.tsx?$|\.md$|(^|\/)(testdata|testing)\//;

/** One hash over everything the production build is made from. */
export function hashSources(checkout) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesAt(checkout, name))) {
    const content = readFileSync(path.join(checkout, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesAt(checkout, name) {
  const entry = statSync(path.join(checkout, name), { throwIfNoEntry: false });
  if (!entry || NOT_BUILT.test(name)) return [];
  if (!entry.isDirectory()) return [name];
  return readdirSync(path.join(checkout, name))
    .sort()
    .flatMap((child) => filesAt(checkout, `${name}/${child}`));
}

/** Whether .next is the finished build of these very sources. */
export function isBuilt(checkout) {
  const stamp = readOrNull(stampFile(checkout));
  const buildId = readOrNull(path.join(checkout, '.next/BUILD_ID'));
  return (
    stamp !== null && buildId !== null && stamp === stampOf(checkout, buildId)
  );
}

/** Builds for production. The stamp goes first and comes back last, so an interrupted build never counts. */
export async function build({ checkout, logs, guard, signal, env }) {
  rmSync(stampFile(checkout), { force: true });
  const sources = hashSources(checkout);
  const file = logFile(logs, 'build');
  const { code, offset } = await runTask({
    command: process.execPath,
    args: [nextCommand(checkout), 'build'],
    cwd: checkout,
    env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    logFile: file,
    guard,
    signal,
  });
  if (code !== 0) {
    const isFull = readSince(file, offset).includes('ENOSPC');
    throw new StartError(
      `The app could not be built${isFull ? ': the disk is full' : ''}. Log: ${file}`,
    );
  }
  const buildId = readFileSync(path.join(checkout, '.next/BUILD_ID'), 'utf8');
  const draft = `${stampFile(checkout)}.new`;
  writeFileSync(draft, `${sources} ${buildId}`);
  renameSync(draft, stampFile(checkout));
}

export function nextCommand(checkout) {
  return path.join(checkout, 'node_modules/next/dist/bin/next');
}

function stampOf(checkout, buildId) {
  return `${hashSources(checkout)} ${buildId}`;
}

function stampFile(checkout) {
  return path.join(checkout, '.next/imageyard-sources');
}

function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
