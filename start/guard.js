import { spawn } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isSameProcess, startTimeOf } from './process-identity.js';
import { stopProcess } from './stop-process.js';

const WATCHDOG = fileURLToPath(new URL('watchdog.js', import.meta.url));

/**
 * Makes sure that no child outlives this process. A watchdog process stops them when this one is killed; `recordFile`
 * lets the next start stop them when both were.
 */
export function createGuard({ recordFile = null } = {}) {
  const children = new Map();
  const folders = new Set();
  let isClosed = false;
  let watchdog = startWatchdog();

  function startWatchdog() {
    const child = spawn(process.execPath, [WATCHDOG], {
      detached: true,
      cwd: '/',
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => {});
    child.on('exit', () => {
      if (isClosed) return;
      watchdog = startWatchdog();
      tell();
    });
    child.unref();
    child.stdin.unref();
    return child;
  }

  function tell() {
    const state = { children: [...children.values()], folders: [...folders] };
    watchdog.stdin.write(`${JSON.stringify(state)}\n`);
    if (!recordFile) return;
    writeFileSync(`${recordFile}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${recordFile}.new`, recordFile);
  }

  return {
    /** `signals` are `[signal, wait in ms]`, tried in turn before SIGKILL. The child must lead its process group. */
    watch(pid, signals) {
      children.set(pid, { pid, startTime: startTimeOf(pid), signals });
      tell();
    },
    forget(pid) {
      if (children.delete(pid)) tell();
    },
    watchFolder(folder) {
      folders.add(folder);
      tell();
    },
    forgetFolder(folder) {
      if (folders.delete(folder)) tell();
    },
    stop(pid) {
      const child = children.get(pid);
      return child ? stopProcess(child) : Promise.resolve(true);
    },
    async close() {
      isClosed = true;
      const ended = new Promise((resolve) => watchdog.once('exit', resolve));
      watchdog.ref();
      watchdog.stdin.end();
      await ended;
      if (recordFile) rmSync(recordFile, { force: true });
    },
  };
}

/** Stops what a killed supervisor and its killed watchdog left running. Only for the holder of the lock. */
export async function stopLeftovers(recordFile) {
  let state;
  try {
    state = JSON.parse(readFileSync(recordFile, 'utf8'));
  } catch {
    return;
  }
  await Promise.all(state.children.filter(isSameProcess).map(stopProcess));
  for (const folder of state.folders)
    rmSync(folder, { recursive: true, force: true });
  rmSync(recordFile, { force: true });
}
