import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { env } from '@/lib/env';

/** 32 bytes in base64. Losing it loses every stored secret. */
export type InstallationKey = { id: string; seal: Buffer; session: Buffer };

const keyFile = () => path.join(env().IMAGEYARD_DATA, 'key');
const retiredFolder = () => path.join(env().IMAGEYARD_DATA, 'keys');

const derived = new Map<string, InstallationKey>();
// What was read from the database just before a rotation ended must still open.
const seen = new Map<string, InstallationKey>();

/** The key that seals now: `<data>/key`. Read each time, because a rotation changes it while the app runs. */
export function currentKey(): InstallationKey {
  return readKey(keyFile());
}

/** The key of this id, the current one or one that a rotation has not done away with yet, or `null`. */
export function findKey(id: string): InstallationKey | null {
  const current = currentKey();
  if (current.id === id) return current;
  const known = seen.get(id);
  if (known) return known;
  const file = path.join(retiredFolder(), id);
  if (!/^[0-9a-f]{8}$/.test(id) || !existsSync(file)) return null;
  const retired = readKey(file);
  return retired.id === id ? retired : null;
}

/** Ids of the keys before the current one that something may still be sealed with. */
export function retiredKeyIds(): string[] {
  if (!existsSync(retiredFolder())) return [];
  const current = currentKey().id;
  return readdirSync(retiredFolder()).filter(
    (name) => /^[0-9a-f]{8}$/.test(name) && name !== current,
  );
}

/**
 * Puts a new key in the place of the current one, which is kept as `<data>/keys/<id>`. Each step is on the disk before
 * the next, so that a process killed anywhere leaves a current key and every key before it.
 */
export function replaceCurrentKey(): InstallationKey {
  const current = currentKey();
  mkdirSync(retiredFolder(), { recursive: true, mode: 0o700 });
  const kept = path.join(retiredFolder(), current.id);
  const draft = `${keyFile()}.next`;
  writeDurably(`${kept}.draft`, readFileSync(keyFile()));
  renameSync(`${kept}.draft`, kept);
  syncFolder(retiredFolder());
  syncFolder(env().IMAGEYARD_DATA);
  writeDurably(draft, `${randomBytes(32).toString('base64')}\n`);
  renameSync(draft, keyFile());
  syncFolder(env().IMAGEYARD_DATA);
  return currentKey();
}

/** Erases every key before the current one. */
export function removeRetiredKeys(): void {
  rmSync(retiredFolder(), { recursive: true, force: true });
  syncFolder(env().IMAGEYARD_DATA);
}

function readKey(file: string): InstallationKey {
  const text = readFileSync(file, 'utf8').trim();
  const known = derived.get(text);
  if (known) return known;
  const material = Buffer.from(text, 'base64');
  if (material.length !== 32)
    throw new Error('The installation key file must hold 32 bytes in base64.');
  const seal = derive(material, 'seal');
  const id = createHash('sha256').update(seal).digest('hex').slice(0, 8);
  const key = { id, seal, session: derive(material, 'session') };
  derived.set(text, key);
  seen.set(id, key);
  return key;
}

function derive(material: Buffer, purpose: 'seal' | 'session'): Buffer {
  return Buffer.from(
    hkdfSync('sha256', material, '', `imageyard/${purpose}/v1`, 32),
  );
}

function writeDurably(file: string, text: string | Buffer): void {
  rmSync(file, { force: true });
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, typeof text === 'string' ? Buffer.from(text) : text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
