import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerEvent } from '@/lib/build/protocol';
import { Spool } from '@/worker/spool';

const target = { host: 'r.example.com', repository: 'a', tag: '1' };
const line = (text: string): WorkerEvent => ({
  kind: 'line',
  at: 1,
  step: 's',
  stream: 'stdout',
  text,
});
const texts = (bytes: Buffer) =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((json) => (JSON.parse(json) as { text: string }).text);

let dir: string;
let about: { buildId: string; attempt: number; target: typeof target };

beforeEach(() => {
  dir = path.join(
    mkdtempSync(path.join(tmpdir(), 'imageyard-spool-')),
    'spool',
  );
  about = { buildId: randomUUID(), attempt: 1, target };
});
afterEach(() => rmSync(path.dirname(dir), { recursive: true }));

function filled(count: number): Spool {
  const spool = Spool.create(dir, about);
  for (let n = 1; n <= count; n += 1) spool.append(line(`line ${n}`));
  return spool;
}

describe('Spool', () => {
  it('numbers events from 1 and gives any of them back', () => {
    const spool = filled(100);
    expect(spool.lastSeq).toBe(100);
    expect(texts(spool.read(1, 1e6))).toHaveLength(100);
    expect(texts(spool.read(98, 1e6))).toEqual([
      'line 98',
      'line 99',
      'line 100',
    ]);
    spool.append(line('line 101'));
    expect(texts(spool.read(101, 1e6))).toEqual(['line 101']);
    spool.close();
  });

  it('gives whole events within a size, and one that is larger by itself', () => {
    const spool = filled(10);
    const one = spool.read(1, 1);
    expect(texts(one)).toEqual(['line 1']);
    expect(texts(spool.read(1, one.length * 3))).toEqual([
      'line 1',
      'line 2',
      'line 3',
    ]);
    expect(spool.bytesFrom(1)).toBe(spool.read(1, 1e6).length);
    expect(spool.bytesFrom(11)).toBe(0);
    spool.close();
  });

  it('knows the checksum of all its events', () => {
    const spool = filled(1000);
    const bytes = spool.read(1, 1e9);
    expect(spool.checksum()).toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
    spool.append(line('x'));
    expect(spool.checksum()).not.toBe(
      createHash('sha256').update(bytes).digest('hex'),
    );
    spool.close();
  });

  it('lets nobody else read what lies in it', () => {
    const spool = filled(1);
    spool.flush();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(dir)) {
      expect(statSync(path.join(dir, name)).mode & 0o777).toBe(0o600);
    }
    spool.remove();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is found again with everything that was written, and goes on from there', () => {
    const lost = filled(50);
    lost.flush();
    const [found, ...others] = Spool.leftovers(dir);
    expect(others).toEqual([]);
    expect(found?.about).toEqual({ ...about, result: null });
    expect(found?.lastSeq).toBe(50);
    expect(found?.checksum()).toBe(lost.checksum());
    found?.append(line('line 51'));
    expect(found && texts(found.read(49, 1e6))).toEqual([
      'line 49',
      'line 50',
      'line 51',
    ]);
    found?.remove();
    lost.close();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('drops a last event that was not written whole', () => {
    const lost = filled(3);
    lost.close();
    const file = path.join(dir, `${about.buildId}-1.ndjson`);
    appendFileSync(file, '{"kind":"line","at":1,"text":"half');
    const [found] = Spool.leftovers(dir);
    expect(found?.lastSeq).toBe(3);
    found?.append(line('line 4'));
    found?.flush();
    expect(texts(readFileSync(file))).toEqual([
      'line 1',
      'line 2',
      'line 3',
      'line 4',
    ]);
    found?.close();
  });

  it('remembers how the attempt ended', () => {
    const lost = filled(1);
    lost.setResult({ outcome: 'cancelled' });
    lost.close();
    const [found] = Spool.leftovers(dir);
    expect(found?.about.result).toEqual({ outcome: 'cancelled' });
    found?.close();
  });

  it('takes no notice of what is not a spool', () => {
    filled(0).remove();
    writeFileSync(path.join(dir, 'lock'), '{}');
    writeFileSync(path.join(dir, 'other.json'), '{"buildId":"../../etc"}');
    expect(Spool.leftovers(dir)).toEqual([]);
    expect(Spool.leftovers(path.join(dir, 'new'))).toEqual([]);
  });

  it('reads the same events in batches of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '\n', '"') }), {
          minLength: 1,
          maxLength: 50,
        }),
        fc.integer({ min: 1, max: 2000 }),
        (all, maxBytes) => {
          const spool = Spool.create(dir, about);
          for (const text of all) spool.append(line(text));
          const read: string[] = [];
          while (read.length < all.length) {
            read.push(...texts(spool.read(read.length + 1, maxBytes)));
          }
          spool.remove();
          expect(read).toEqual(all);
        },
      ),
      { numRuns: 50 },
    );
  });
});
