import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readHolder, tryLock } from './lock.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imageyard-lock-'));
  file = path.join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

type Held = {
  lock?: { release: () => void };
  holder?: { purpose: string; isElsewhere: boolean };
};
const take = (purpose = 'test') => tryLock(file, { purpose }) as Promise<Held>;

/** A lock as another process left it. */
async function leave(changes: Record<string, unknown>) {
  const { lock } = await take('left');
  const text = readFileSync(file, 'utf8');
  lock?.release();
  writeFileSync(
    file,
    JSON.stringify({
      ...(JSON.parse(text) as object),
      nonce: 'abcd',
      ...changes,
    }),
  );
}

const age = (seconds: number) =>
  utimesSync(file, new Date(), new Date(Date.now() - seconds * 1000));

it('is for one, who says what for', async () => {
  const first = await take('one');
  expect(first.lock).toBeDefined();
  expect((await take('two')).holder).toMatchObject({
    purpose: 'one',
    isAlive: true,
    pid: process.pid,
  });
  first.lock?.release();
  expect((await take('two')).lock).toBeDefined();
});

it('leaves no file behind once released', async () => {
  (await take()).lock?.release();
  expect(readdirSync(folder)).toEqual([]);
  expect(readHolder(file)).toBeNull();
});

it.each([
  ['ended', { startTime: 'long ago' }],
  ['ended long ago, its number used by nobody', { pid: 4_194_304 + 1 }],
])('of a process that %s blocks nobody', async (_, changes) => {
  await leave(changes);
  expect(readHolder(file)).toMatchObject({ isAlive: false });
  expect((await take()).lock).toBeDefined();
  expect(readdirSync(folder)).toEqual(['lock']);
});

it('that a power cut left without content blocks nobody', async () => {
  writeFileSync(file, '');
  expect((await take()).lock).toBeDefined();
});

it('that was just stale goes to exactly one of many who try at once', async () => {
  await leave({ startTime: 'long ago' });
  const all = await Promise.all(Array.from({ length: 20 }, () => take()));
  expect(all.filter(({ lock }) => lock)).toHaveLength(1);
  expect(readdirSync(folder)).toEqual(['lock']);
});

it('can be broken although somebody died while breaking it', async () => {
  await leave({ startTime: 'long ago' });
  const dead = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(`${file}.abcd`, JSON.stringify({ ...dead, nonce: 'efgh' }));
  expect((await take()).lock).toBeDefined();
  expect(existsSync(`${file}.abcd`)).toBe(false);
});

it('of another container counts while it is touched', async () => {
  await leave({ space: 'another container', pid: 1 });
  age(10);
  expect((await take()).holder).toMatchObject({
    purpose: 'left',
    isElsewhere: true,
  });
  age(60);
  expect((await take()).lock).toBeDefined();
});
