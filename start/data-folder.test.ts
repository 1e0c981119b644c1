import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  ensureKey,
  ensureWorkerSecret,
  openDataFolder,
  placesIn,
} from './data-folder.js';
import { logFile, readSince, sizeOf } from './logs.js';

let folder: string;
let data: string;
let said: string[];
const say = (line: string) => said.push(line);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imageyard-data-'));
  data = path.join(folder, 'data');
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string) => statSync(file).mode & 0o777;

it('makes a folder closed to others, however deep, and says nothing', () => {
  data = path.join(folder, 'a/b/data');
  openDataFolder(data, { say });
  expect(modeOf(data)).toBe(0o700);
  expect(said).toEqual([]);
});

it('closes its own folder again, and leaves a foreign one as it is', () => {
  openDataFolder(data, { say });
  chmodSync(data, 0o750);
  openDataFolder(data, { say });
  expect(modeOf(data)).toBe(0o700);
  expect(said).toEqual([expect.stringContaining('(mode 750)')]);

  const foreign = path.join(folder, 'foreign');
  mkdirSync(path.join(foreign, 'src'), { recursive: true, mode: 0o755 });
  expect(() => openDataFolder(foreign, { say })).toThrow(
    'not an Imageyard data folder',
  );
  expect(modeOf(foreign)).toBe(0o755);
});

it('accepts the empty root of a disk of its own', () => {
  mkdirSync(path.join(data, 'lost+found'), { recursive: true });
  expect(() => openDataFolder(data, { say })).not.toThrow();
});

it('makes the key once, and says so once', () => {
  const places = openDataFolder(data, { say });
  ensureKey(places, { say });
  expect(said).toHaveLength(2);
  const key = readFileSync(places.key, 'utf8');
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  ensureKey(places, { say });
  expect(said).toHaveLength(2);
  expect(readFileSync(places.key, 'utf8')).toBe(key);
});

it('makes no new key beside a database that another one sealed', () => {
  const places = openDataFolder(data, { say });
  mkdirSync(places.postgres);
  expect(() => ensureKey(places, { say })).toThrow(
    'Put the key back from your backup',
  );
});

it('makes another secret for each installation', () => {
  const secrets = ['one', 'two'].map((name) => {
    const places = openDataFolder(path.join(folder, name), { say });
    ensureWorkerSecret(places);
    expect(modeOf(places.workerSecret)).toBe(0o600);
    return readFileSync(places.workerSecret, 'utf8').trim();
  });
  expect(secrets[0]).toMatch(/^[\w-]{43}$/);
  expect(secrets[0]).not.toBe(secrets[1]);
});

it('refuses a secret that others may read', () => {
  const places = openDataFolder(data, { say });
  ensureWorkerSecret(places);
  chmodSync(places.workerSecret, 0o640);
  expect(() => ensureWorkerSecret(places)).toThrow('chmod 600');
});

it('keeps everything below the folder', () => {
  for (const place of Object.values(placesIn('/data')))
    expect(place).toMatch(/^\/data/);
});

it('puts a long log aside, once, and reads the last part of one', () => {
  const file = path.join(folder, 'app.log');
  expect(sizeOf(file)).toBe(0);
  writeFileSync(file, Buffer.alloc(9 * 1024 * 1024));
  expect(logFile(folder, 'app')).toBe(file);
  expect(sizeOf(file)).toBe(0);
  expect(sizeOf(`${file}.1`)).toBe(9 * 1024 * 1024);
  writeFileSync(file, 'old\nnew\n');
  expect(logFile(folder, 'app')).toBe(file);
  expect(readSince(file, 4)).toBe('new\n');
});
