import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  chmodSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { fileReason, makeFolder, StartError } from './start-error.js';

const KEY_BYTES = 32;

/** Makes or checks the data folder: ours, closed to others, writable. Returns where everything in it lies. */
export function openDataFolder(folder, { say }) {
  try {
    makeFolder(folder, 0o700);
    checkOwnership(folder, say);
    const places = placesIn(folder);
    for (const name of [places.run, places.logs, places.worker]) {
      makeFolder(name, 0o700);
    }
    checkWritable(places.run);
    return places;
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `The data folder ${folder} cannot be used: ${fileReason(error)}. IMAGEYARD_DATA names another one.`,
      { cause: error },
    );
  }
}

export function placesIn(folder) {
  return {
    folder,
    run: path.join(folder, 'run'),
    lock: path.join(folder, 'run/lock'),
    logs: path.join(folder, 'logs'),
    worker: path.join(folder, 'worker'),
    workerSecret: path.join(folder, 'worker/secret'),
    key: path.join(folder, 'key'),
    postgres: path.join(folder, 'postgres'),
  };
}

function checkOwnership(folder, say) {
  const { uid, mode } = statSync(folder);
  const self = process.getuid();
  if (uid !== self) {
    throw new StartError(
      `The data folder ${folder} belongs to user ${uid}, and this is user ${self}. Start as its owner, or name another with IMAGEYARD_DATA.`,
    );
  }
  const content = readdirSync(folder).filter((name) => name !== 'lost+found');
  const isOurs = content.includes('run') || content.includes('key');
  if (content.length > 0 && !isOurs) {
    throw new StartError(
      `${folder} is not empty and not an Imageyard data folder. IMAGEYARD_DATA names another one.`,
    );
  }
  if ((mode & 0o077) === 0) return;
  chmodSync(folder, 0o700);
  say(
    `The data folder ${folder} was open to other users (mode ${octal(mode)}); it is closed to them now.`,
  );
}

// An empty file can still be made on a full disk.
function checkWritable(folder) {
  const probe = path.join(folder, `.probe-${process.pid}`);
  try {
    writeFileSync(probe, Buffer.alloc(4096));
  } finally {
    rmSync(probe, { force: true });
  }
}

function octal(mode) {
  return (mode & 0o777).toString(8);
}

/** Makes the installation key when the data folder is new, else checks the one there. */
export function ensureKey(places, { say }) {
  if (!exists(places.key)) {
    if (exists(places.postgres)) {
      throw new StartError(
        `The key ${places.key} is missing, and the database beside it was made with it. Put the key back from your backup; without it the stored credentials cannot be opened.`,
      );
    }
    createSecretFile(places.key, randomBytes(KEY_BYTES).toString('base64'));
    say(`Made the installation key ${places.key}`);
    say('Back it up: whoever loses this key loses every stored credential.');
  }
  checkSecretFile(places.key);
  const key = Buffer.from(readFileSync(places.key, 'utf8').trim(), 'base64');
  if (key.length !== KEY_BYTES) {
    throw new StartError(
      `The key ${places.key} must hold ${KEY_BYTES} bytes in base64, not ${key.length}. Put it back from your backup.`,
    );
  }
}

/** Makes the local worker's secret once; its hash is registered at every start. */
export function ensureWorkerSecret(places) {
  if (!exists(places.workerSecret)) {
    createSecretFile(
      places.workerSecret,
      randomBytes(32).toString('base64url'),
    );
  }
  checkSecretFile(places.workerSecret);
}

function checkSecretFile(file) {
  const { mode } = statSync(file);
  if (mode & 0o077) {
    throw new StartError(
      `Other users may read ${file} (mode ${octal(mode)}). Close it with: chmod 600 "${file}"`,
    );
  }
}

// Written beside and linked into place, so that a crash leaves the whole secret or none.
function createSecretFile(file, secret) {
  const draft = `${file}.new-${process.pid}`;
  writeDurably(draft, `${secret}\n`);
  try {
    linkSync(draft, file);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  syncFolder(path.dirname(file));
}

function writeDurably(file, text) {
  rmSync(file, { force: true });
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes the names in a folder survive a power cut. */
export function syncFolder(folder) {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function exists(file) {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
