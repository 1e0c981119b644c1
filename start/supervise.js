import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runAdmin } from './admin-command.js';
import {
  appCommand,
  appEnv,
  checkPort,
  isHealthy,
  waitUntilHealthy,
} from './app.js';
import { keepRunning } from './children.js';
import { CHECKOUT, loadConfig } from './config.js';
import {
  ensureKey,
  ensureWorkerSecret,
  openDataFolder,
} from './data-folder.js';
import { checkServer, migrate } from './database.js';
import { createGuard, stopLeftovers } from './guard.js';
import {
  serverUrlFor,
  startLocalWorker,
  workerCommand,
} from './local-worker.js';
import { tryLock } from './lock.js';
import { logFile } from './logs.js';
import { startPostgres } from './postgres.js';
import { prepare } from './prepare.js';
import { say, step } from './say.js';
import { StartError } from './start-error.js';

export const DATABASE = 'imageyard';
const WAIT_FOR_COMMAND_MS = 60_000;

/** The parts of a start that a test replaces by something smaller. */
const REAL_PARTS = {
  prepare,
  migrate: (url) => migrate(url, path.join(CHECKOUT, 'db/migrations')),
  admin: runAdmin,
  app: appCommand,
  worker: workerCommand,
};

/** Runs a whole installation until a signal ends it, then this process. Exit code 1 and one line when it cannot. */
export async function runSupervisor({ isOnlyPreparing = false, ...options }) {
  const stopping = stopOnSignals();
  let code = 0;
  try {
    await (isOnlyPreparing
      ? onlyPrepare(stopping)
      : supervise(options, stopping));
  } catch (error) {
    if (!stopping.aborted) {
      code = 1;
      console.error(error instanceof StartError ? error.message : error);
    }
  }
  process.exit(code);
}

function stopOnSignals() {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Leaving at once is safe: the watchdog stops what is still there.
      if (controller.signal.aborted) process.exit(1);
      controller.abort();
      say('Stopping …');
    });
  }
  // A terminal that was closed must not end us before the children are stopped.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => {});
  return controller.signal;
}

async function onlyPrepare(signal) {
  const config = loadConfig();
  const guard = createGuard();
  try {
    const logs = path.join(CHECKOUT, '.cache');
    await prepare({
      checkout: CHECKOUT,
      withBuild: true,
      logs,
      guard,
      signal,
      env: config.env,
    });
    say('Installed and built.');
  } finally {
    await guard.close();
  }
}

async function supervise({ mode, parts = {} }, signal) {
  const config = { ...loadConfig(), mode };
  const places = openDataFolder(config.dataFolder, { say });
  const lock = await lockDataFolder(places, config, signal);
  if (!lock) return;
  const recordFile = path.join(places.run, 'children.json');
  const stops = [() => lock.release()];
  try {
    await stopLeftovers(recordFile);
    const guard = createGuard({ recordFile });
    stops.push(() => guard.close());
    await serve({
      config,
      places,
      guard,
      signal,
      stops,
      parts: { ...REAL_PARTS, ...parts },
    });
    await untilAborted(signal);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

// Null when an installation is up on this data folder already, which is no failure.
async function lockDataFolder(places, config, signal) {
  const giveUpAt = Date.now() + WAIT_FOR_COMMAND_MS;
  for (;;) {
    signal.throwIfAborted();
    const { lock, holder } = await tryLock(places.lock, {
      purpose: 'app',
      publicUrl: config.publicUrl,
      localUrl: config.localUrl,
      isEmbedded: config.databaseUrl === null,
    });
    if (lock) return lock;
    if (holder.purpose === 'app' && !holder.isElsewhere) {
      const isUp = await isHealthy(holder.localUrl);
      say(
        isUp
          ? `Imageyard is already running at ${holder.publicUrl} (process ${holder.pid}).`
          : `Imageyard is already starting (process ${holder.pid}); it will be at ${holder.publicUrl}`,
      );
      return null;
    }
    if (Date.now() > giveUpAt) {
      throw new StartError(
        `The data folder ${places.folder} is in use by another ${holder.isElsewhere ? 'machine or container' : 'command'}.`,
      );
    }
    await delay(250);
  }
}

async function serve(context) {
  const { config, places, guard, signal, stops, parts } = context;
  await checkPort(config);
  ensureKey(places, { say });
  ensureWorkerSecret(places);
  await parts.prepare({
    checkout: CHECKOUT,
    withDev: config.mode === 'dev',
    withBuild: config.mode === 'start',
    logs: places.logs,
    guard,
    signal,
    env: config.env,
  });
  const databaseUrl = config.databaseUrl ?? (await startDatabase(context));
  if (config.databaseUrl)
    await step('Reaching the database', () => checkServer(databaseUrl));
  await step('Updating the tables', () => parts.migrate(databaseUrl));
  signal.throwIfAborted();
  const env = appEnv({ ...config, databaseUrl });
  const admin = await step('Checking the installation', () =>
    parts.admin('bootstrap', { env, logs: places.logs, guard }),
  );
  signal.throwIfAborted();
  await startApp(context, env);
  announce(config, places, admin);
  const worker = startLocalWorker({
    command: parts.worker({
      serverUrl: serverUrlFor(config),
      secretFile: places.workerSecret,
    }),
    config,
    env: config.env,
    places,
    guard,
  });
  stops.push(() => worker.stop());
}

/** Starts the embedded database for the holder of the lock and gives its address. */
export async function startDatabase({ places, guard, signal, stops }) {
  const server = await step('Starting the database', () =>
    startPostgres({
      root: places.postgres,
      log: say,
      logFile: logFile(places.logs, 'database'),
      guard,
      signal,
    }),
  );
  stops.push(() => server.stop());
  await server.createDatabaseIfMissing(DATABASE);
  return server.url(DATABASE);
}

async function startApp({ config, places, guard, signal, stops, parts }, env) {
  const file = logFile(places.logs, 'app');
  const app = keepRunning({
    name: 'The app',
    ...parts.app(config),
    cwd: CHECKOUT,
    env,
    logFile: file,
    guard,
    say,
  });
  stops.push(() => app.stop());
  await step('Starting the app', () =>
    waitUntilHealthy(app, { ...config, logFile: file, signal }),
  );
}

function announce({ publicUrl, host }, places, { token }) {
  say(`Imageyard is running at ${publicUrl}`);
  if (token) {
    say(
      `Make the owner's account with this link (it works once, for 24 hours):`,
    );
    say(`  ${publicUrl}/set-up#${token}`);
  }
  say(`Data and logs are in ${places.folder}. Ctrl-C stops everything.`);
}

function untilAborted(signal) {
  return new Promise((resolve) => {
    // A signal's listener alone keeps no process alive.
    const alive = setInterval(() => {}, 1 << 30);
    const end = () => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
