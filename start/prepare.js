import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build, isBuilt } from './build.js';
import { install, isInstalled } from './install.js';
import { tryLock } from './lock.js';
import { say, step } from './say.js';
import { fileReason, makeFolder, StartError } from './start-error.js';

/** Installs and builds what is missing. Several starts from one checkout wait for each other. */
export async function prepare({
  withDev = false,
  withBuild = false,
  ...context
}) {
  const { checkout, signal } = context;
  const isReady = () =>
    isInstalled(checkout, { withDev }) && (!withBuild || isBuilt(checkout));
  if (isReady()) return;
  const lock = await lockCheckout(checkout, signal);
  try {
    if (!isInstalled(checkout, { withDev })) {
      await step('Installing packages', () => install({ ...context, withDev }));
    }
    if (withBuild && !isBuilt(checkout)) {
      await step('Building the app (once; later starts reuse it)', () =>
        build(context),
      );
    }
  } finally {
    lock.release();
  }
}

async function lockCheckout(checkout, signal) {
  const folder = path.join(checkout, '.cache');
  let hasSaid = false;
  for (;;) {
    signal?.throwIfAborted();
    const { lock, holder } = await takeLock(folder, checkout);
    if (lock) return lock;
    if (!hasSaid)
      say(
        `Process ${holder.pid} is installing or building here; waiting for it.`,
      );
    hasSaid = true;
    await delay(250);
  }
}

async function takeLock(folder, checkout) {
  try {
    makeFolder(folder);
    return await tryLock(path.join(folder, 'start.lock'), {});
  } catch (error) {
    throw new StartError(
      `Packages or the build are missing, and ${checkout} cannot be written: ${fileReason(error)}. Run npm start -- --prepare there as a user who may write it.`,
      { cause: error },
    );
  }
}
