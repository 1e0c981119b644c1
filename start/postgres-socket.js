import { chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { giveTo } from './postgres-account.js';

const SOCKET_NAME = '/.s.PGSQL.5432';
// The system keeps 104 to 108 bytes for a socket's path, and longer ones are cut off in silence.
const MAX_SOCKET_PATH_BYTES = 100;

/**
 * Makes the folder of the server's socket: inside `home`, or where that path is too long in a temporary folder, which is
 * then given as `temporary`.
 */
export function makeSocketFolder({ home, account }) {
  const inside = path.join(home, 'socket');
  if (fits(inside)) {
    mkdirSync(inside, { recursive: true, mode: 0o700 });
    giveTo(inside, account.owner);
    return { folder: inside, temporary: null };
  }
  const parent = [tmpdir(), '/tmp'].find((name) =>
    fits(path.join(name, 'imageyard-123456/s')),
  );
  // A fresh name under a folder only we may pass: nobody can have put one there before, or reach the socket.
  const temporary = mkdtempSync(path.join(parent, 'imageyard-'));
  const folder = path.join(temporary, 's');
  mkdirSync(folder, { mode: 0o700 });
  if (account.owner) chownSync(folder, account.owner.uid, account.owner.gid);
  return { folder, temporary };
}

function fits(folder) {
  return Buffer.byteLength(folder + SOCKET_NAME) <= MAX_SOCKET_PATH_BYTES;
}
