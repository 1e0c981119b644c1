import { setTimeout as delay } from 'node:timers/promises';
import { isSameProcess } from './process-identity.js';

/**
 * Stops a process and its group: each signal of `signals` in turn, `[signal, wait in ms]`, then SIGKILL. Children lead
 * a group of their own, so what they started themselves is reached too.
 */
export async function stopProcess({ pid, startTime, signals }) {
  for (const [signal, waitMs] of signals) {
    signalGroup(pid, signal);
    if (await isGoneWithin({ pid, startTime }, waitMs)) break;
  }
  signalGroup(pid, 'SIGKILL');
  await isGoneWithin({ pid, startTime }, 5_000);
}

async function isGoneWithin(identity, waitMs) {
  const end = Date.now() + waitMs;
  while (isSameProcess(identity)) {
    if (Date.now() > end) return false;
    await delay(25);
  }
  return true;
}

export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // EPERM is what macOS says of a group of zombies.
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}
