import { chmodSync, mkdirSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { keepRunning, startChild } from './children.js';
import { CHECKOUT } from './config.js';
import {
  createDatabaseIfMissing,
  ensureAppRole,
  socketUrl,
} from './database.js';
import { createGuard } from './guard.js';
import { readSince, sizeOf } from './logs.js';
import { chooseAccount } from './postgres-account.js';
import { locatePrograms } from './postgres-binaries.js';
import {
  clusterIn,
  ensureCluster,
  lastComplaint,
  serverEnv,
} from './postgres-cluster.js';
import {
  readServerFile,
  STOP_SIGNALS,
  stopLeftoverServer,
} from './postgres-leftover.js';
import { makeSocketFolder } from './postgres-socket.js';
import { StartError } from './start-error.js';

const NOT_DURABLE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
];
// The last of a killed server's helpers notice its end within moments.
const RETRY_MS = 20_000;
const PASSING =
  /lock file "postmaster\.pid" already exists|pre-existing shared memory block|is still in use/;

/**
 * Starts the embedded PostgreSQL in `root` (made when missing, closed to other users), on a unix socket only, and keeps
 * it running until `stop()`. One supervisor a folder at a time: callers hold a lock. `isDurable: false` is for clusters
 * that may be lost.
 */
export async function startPostgres({
  root,
  log = () => {},
  logFile = undefined,
  guard = undefined,
  signal = undefined,
  checkout = CHECKOUT,
  isDurable = true,
}) {
  const programs = locatePrograms(checkout);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const home = realpathSync(root);
  chmodSync(home, 0o700);
  const account = chooseAccount({ initdb: programs.initdb, folder: home });
  const ownGuard = guard ? null : createGuard();
  const setting = {
    programs,
    account,
    home,
    cluster: clusterIn(home),
    logFile: logFile ?? path.join(home, 'postgres.log'),
    guard: guard ?? ownGuard,
    isDurable,
  };
  try {
    await ensureCluster(setting, signal);
    await stopLeftoverServer(setting.cluster);
    return await serve(setting, { log, signal, ownGuard });
  } catch (error) {
    await ownGuard?.close();
    throw error;
  }
}

async function serve(setting, { log, signal, ownGuard }) {
  const { cluster, guard, logFile, account } = setting;
  const socket = makeSocketFolder(setting);
  if (socket.temporary) guard.watchFolder(socket.temporary);
  const removeSocket = () => {
    if (!socket.temporary) return;
    rmSync(socket.temporary, { recursive: true, force: true });
    guard.forgetFolder(socket.temporary);
  };
  const [command, ...args] = [
    ...account.prefix,
    setting.programs.postgres,
    '-D',
    cluster,
    ...serverSettings(setting, socket.folder),
  ];
  const options = {
    command,
    args,
    cwd: setting.home,
    env: serverEnv(),
    logFile,
    guard,
    signals: STOP_SIGNALS,
  };
  let running;
  try {
    const first = await launch(options, cluster, signal);
    running = keepRunning({
      ...options,
      name: 'The database',
      say: log,
      first,
    });
    await ensureAppRole(socket.folder);
  } catch (error) {
    await running?.stop();
    removeSocket();
    throw error;
  }
  return {
    socketDir: socket.folder,
    url: (databaseName) => socketUrl(socket.folder, databaseName),
    createDatabaseIfMissing: (databaseName) =>
      createDatabaseIfMissing(socket.folder, databaseName),
    async stop() {
      await running.stop();
      removeSocket();
      await ownGuard?.close();
    },
  };
}

// Resolves once the server takes connections. Recovery after a crash may take its time; only an ending is a failure.
async function launch(options, cluster, signal) {
  const giveUpAt = Date.now() + RETRY_MS;
  for (;;) {
    signal?.throwIfAborted();
    const offset = sizeOf(options.logFile);
    const child = startChild(options);
    const ready = waitUntilReady(cluster, child, signal);
    const isReady = await Promise.race([ready, child.exited.then(() => false)]);
    if (isReady) return child;
    if (signal?.aborted) await options.guard.stop(child.pid);
    signal?.throwIfAborted();
    const output = readSince(options.logFile, offset);
    if (!PASSING.test(output) || Date.now() > giveUpAt) {
      throw new StartError(
        `The database did not start: ${lastComplaint(output)}. Log: ${options.logFile}`,
      );
    }
    await delay(300);
  }
}

async function waitUntilReady(cluster, child, signal) {
  let hasEnded = false;
  void child.exited.then(() => (hasEnded = true));
  while (!hasEnded && !signal?.aborted) {
    const server = readServerFile(cluster);
    if (server?.pid === child.pid && server.isReady) return true;
    await delay(20);
  }
  return false;
}

function serverSettings({ isDurable }, socketFolder) {
  const settings = [
    'listen_addresses=',
    'port=5432',
    `unix_socket_directories="${socketFolder.replaceAll('"', '""')}"`,
    'unix_socket_permissions=0700',
    'logging_collector=off',
    'log_destination=stderr',
    ...(isDurable ? [] : NOT_DURABLE),
  ];
  return settings.flatMap((setting) => ['-c', setting]);
}
