import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runAdmin } from './admin-command.js';
import { appEnv } from './app.js';
import { CHECKOUT, loadConfig } from './config.js';
import { openDataFolder } from './data-folder.js';
import { checkServer, migrate, socketUrl } from './database.js';
import { createGuard, stopLeftovers } from './guard.js';
import { tryLock } from './lock.js';
import { readServerFile } from './postgres-leftover.js';
import { clusterIn } from './postgres-cluster.js';
import { prepare } from './prepare.js';
import { say } from './say.js';
import { StartError } from './start-error.js';
import { DATABASE, startDatabase } from './supervise.js';

const PATIENCE_MS = 60_000;

/**
 * Runs a command of start/admin.ts, and gives its answer with the address the installation is reached by. Uses the
 * running installation's database, or starts it for the moment this takes.
 */
export async function askInstallation(name) {
  const config = loadConfig();
  if (!existsSync(path.join(config.dataFolder, 'key'))) {
    throw new StartError(
      `There is no installation in ${config.dataFolder} yet. Make one with npm start, or name it with IMAGEYARD_DATA.`,
    );
  }
  const places = openDataFolder(config.dataFolder, { say });
  const { lock, holder } = await meetInstallation(places);
  return lock
    ? withOwnDatabase({ name, config, places, lock })
    : withRunning({ name, config, places, holder });
}

// The lock when nothing runs, or the running installation that holds it. Another command is waited for.
async function meetInstallation(places) {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const result = await tryLock(places.lock, { purpose: 'command' });
    if (result.lock || result.holder.purpose === 'app') return result;
    if (Date.now() > giveUpAt) {
      throw new StartError(
        `Process ${result.holder.pid} is still at work on ${places.folder}.`,
      );
    }
    await delay(100);
  }
}

async function withRunning({ name, config, places, holder }) {
  if (holder.isElsewhere && holder.isEmbedded) {
    throw new StartError(
      'Imageyard runs in another container on this data folder. Run this command in there.',
    );
  }
  if (!holder.isEmbedded && !config.databaseUrl) {
    throw new StartError(
      'The running installation uses DATABASE_URL. Set it for this command too.',
    );
  }
  const databaseUrl = holder.isEmbedded
    ? await runningUrl(places)
    : config.databaseUrl;
  const guard = createGuard();
  try {
    return await ask({
      name,
      config: { ...config, publicUrl: holder.publicUrl },
      databaseUrl,
      places,
      guard,
    });
  } finally {
    await guard.close();
  }
}

async function runningUrl(places) {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const server = readServerFile(clusterIn(places.postgres));
    if (server?.isReady) return socketUrl(server.socketFolder, DATABASE);
    if (Date.now() > giveUpAt)
      throw new StartError(
        'The running installation is still starting. Try again when it is up.',
      );
    await delay(100);
  }
}

async function withOwnDatabase({ name, config, places, lock }) {
  const stops = [() => lock.release()];
  try {
    const recordFile = path.join(places.run, 'children.json');
    await stopLeftovers(recordFile);
    const guard = createGuard({ recordFile });
    stops.push(() => guard.close());
    await prepare({
      checkout: CHECKOUT,
      logs: places.logs,
      guard,
      env: config.env,
    });
    if (config.databaseUrl) await checkServer(config.databaseUrl);
    const databaseUrl =
      config.databaseUrl ?? (await startDatabase({ places, guard, stops }));
    await migrate(databaseUrl, path.join(CHECKOUT, 'db/migrations'));
    return await ask({ name, config, databaseUrl, places, guard });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function ask({ name, config, databaseUrl, places, guard }) {
  const env = appEnv({ ...config, mode: 'start', databaseUrl });
  const answer = await runAdmin(name, { env, logs: places.logs, guard });
  return { answer, publicUrl: config.publicUrl };
}
