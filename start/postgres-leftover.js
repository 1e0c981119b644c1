import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { startTimeOf } from './process-identity.js';
import { stopProcess } from './stop-process.js';

/** What a server writes into its folder: its process, where its socket lies, whether it takes connections. */
export function readServerFile(cluster) {
  try {
    const lines = readFileSync(
      path.join(cluster, 'postmaster.pid'),
      'utf8',
    ).split('\n');
    return {
      pid: Number(lines[0]),
      socketFolder: lines[4] ?? '',
      isReady: lines[7]?.trim() === 'ready',
    };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** A quick end that writes everything out; then one that leaves it to recovery. */
export const STOP_SIGNALS = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 3_000],
];

/**
 * Stops a server that still runs on this folder though its supervisor is gone. Its mark is removed only when no process
 * at all works in the folder: the number in it may be another process's by now, and then PostgreSQL would refuse to start.
 */
export async function stopLeftoverServer(cluster) {
  const left = readServerFile(cluster);
  if (!left) return;
  if (commandOf(left.pid).includes(cluster)) {
    await stopProcess({
      pid: left.pid,
      startTime: startTimeOf(left.pid),
      signals: STOP_SIGNALS,
    });
  }
  if (startTimeOf(left.pid) !== null && isSurelyIdle(cluster)) {
    rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
  }
}

function commandOf(pid) {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
          encoding: 'utf8',
        });
  } catch {
    return '';
  }
}

// The server and its helpers have the cluster as their working folder. What cannot be seen may be one of them.
function isSurelyIdle(cluster) {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .every((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) !== cluster;
      } catch (error) {
        return error.code === 'ENOENT' || error.code === 'ESRCH';
      }
    });
}
