import { randomUUID } from 'node:crypto';
import {
  linkSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isSameProcess,
  processSpace,
  startTimeOf,
} from './process-identity.js';

const BEAT_MS = 5_000;
// A holder in another container or on another machine cannot be looked up; it counts as gone after this silence.
const SILENCE_MS = 30_000;

/**
 * Takes the lock, or says who holds it: `{ lock }` or `{ holder }`. A holder that died, however it died, blocks nobody.
 * `details` are for whoever meets the lock.
 */
export async function tryLock(file, details) {
  const mine = {
    ...details,
    pid: process.pid,
    startTime: startTimeOf(process.pid),
    space: processSpace(),
    nonce: randomUUID().slice(0, 8),
  };
  for (;;) {
    if (claim(file, mine)) return { lock: hold(file, mine) };
    const holder = readHolder(file);
    if (holder?.isAlive) return { holder };
    if (holder) await removeStale(file, holder);
  }
}

/** Who holds the lock, or held it when it died; null when nobody does. */
export function readHolder(file) {
  let holder;
  let ageMs;
  try {
    holder = JSON.parse(readFileSync(file, 'utf8'));
    ageMs = Date.now() - statSync(file).mtimeMs;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    // A power cut can leave the name without its content.
    if (error instanceof SyntaxError)
      return { nonce: 'unreadable', isAlive: false };
    throw error;
  }
  const isElsewhere = holder.space !== processSpace();
  const isAlive = isElsewhere ? ageMs < SILENCE_MS : isSameProcess(holder);
  return { ...holder, isElsewhere, isAlive };
}

// A link appears with its whole content or not at all, and only for one of several processes.
function claim(file, mine) {
  const draft = `${file}.new-${mine.nonce}`;
  try {
    writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

// Removing must itself be exclusive: a slow second process could otherwise remove the lock a third one just took.
// The lock for it is named after the dead holder, so it is only ever about that one.
async function removeStale(file, dead) {
  const { lock } = await tryLock(`${file}.${dead.nonce}`, {});
  if (!lock) return delay(20);
  try {
    if (readHolder(file)?.nonce === dead.nonce) unlinkSync(file);
  } finally {
    lock.release();
  }
}

function hold(file, mine) {
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The folder is gone or read-only; there is nothing a beat could do about it.
    }
  }, BEAT_MS);
  beat.unref();
  return {
    release() {
      clearInterval(beat);
      if (readHolder(file)?.nonce === mine.nonce) unlinkSync(file);
    },
  };
}
