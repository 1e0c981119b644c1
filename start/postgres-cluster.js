import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runTask } from './children.js';
import { syncFolder } from './data-folder.js';
import { readSince } from './logs.js';
import { giveTo } from './postgres-account.js';
import { StartError } from './start-error.js';

const MAJOR = '18';
const SETTINGS = {
  max_connections: '60',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
};

/** The folder of the server's data and of its `postmaster.pid`. */
export function clusterIn(root) {
  return path.join(root, MAJOR);
}

/** Makes the cluster in one move, so that an interrupted start leaves none; else checks that this release can use it. */
export async function ensureCluster(setting, signal) {
  const { home, cluster, account } = setting;
  const others = readdirSync(home).filter(
    (name) => /^\d+$/.test(name) && name !== MAJOR,
  );
  if (others.length > 0) {
    throw new StartError(
      `The database in ${home} was made by PostgreSQL ${others.join(', ')}; this release runs ${MAJOR}. Start the release that made it, or set DATABASE_URL.`,
    );
  }
  for (const name of readdirSync(home)) {
    if (name.startsWith(`${MAJOR}.new-`))
      rmSync(path.join(home, name), { recursive: true });
  }
  if (existsSync(cluster)) return giveTo(cluster, account.owner);
  const draft = path.join(home, `${MAJOR}.new-${process.pid}`);
  try {
    await initialise(setting, draft, signal);
    renameSync(draft, cluster);
    syncFolder(home);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function initialise(
  { programs, account, home, logFile, guard, isDurable },
  draft,
  signal,
) {
  const [command, ...args] = [
    ...account.initPrefix,
    programs.initdb,
    `--pgdata=${draft}`,
    '--username=postgres',
    '--auth-local=trust',
    '--auth-host=reject',
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
    ...(isDurable ? [] : ['--no-sync']),
    ...Object.entries(SETTINGS).flatMap(([name, value]) => [
      '--set',
      `${name}=${value}`,
    ]),
  ];
  const { code, offset } = await runTask({
    command,
    args,
    cwd: home,
    env: serverEnv(),
    logFile,
    guard,
    signal,
  });
  if (code !== 0) throw initFailure(readSince(logFile, offset), logFile, home);
}

function initFailure(output, logFile, home) {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new StartError(
      `The disk under ${home} is full: a new database needs about 60 MB.`,
    );
  }
  if (/could not look up (effective|local) user ID/.test(output)) {
    return new StartError(
      `User ${process.getuid()} has no name in /etc/passwd, which PostgreSQL needs to make a database. Add it there, or set DATABASE_URL.`,
    );
  }
  return new StartError(
    `The database could not be made: ${lastComplaint(output)}. Log: ${logFile}`,
  );
}

// Nothing of the person's environment: PGDATA, PGHOST and the like would change what is started.
export function serverEnv() {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

/** The last thing PostgreSQL complained of, on one line. */
export function lastComplaint(output) {
  const lines = output
    .split('\n')
    .map((line) => /\b(?:FATAL|PANIC|ERROR|error):\s+(.*)/.exec(line)?.[1]);
  return lines.filter(Boolean).pop()?.trim() ?? output.trim().split('\n').pop();
}
