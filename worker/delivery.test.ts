import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '@/lib/errors';
import { Delivery } from '@/worker/delivery';
import type { ServerApi } from '@/worker/server-api';
import { Spool } from '@/worker/spool';
import { FakeServer } from '@/worker/testing/fake-server';
import { testJob } from '@/worker/testing/test-job';
import { testTools } from '@/worker/testing/tools';

const never = new AbortController().signal;
const cancelled = { outcome: 'cancelled' } as const;
const job = testJob([]);
let server: FakeServer;
let dir: string;
let spool: Spool;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-delivery-'));
  server = new FakeServer();
  await server.listen();
  server.begin(job);
  spool = Spool.create(dir, job);
});

afterEach(async () => {
  await server.close();
  spool.close();
  rmSync(dir, { recursive: true });
});

function append(...texts: string[]) {
  for (const text of texts) {
    spool.append({ kind: 'line', at: 1, step: 's', stream: 'stdout', text });
  }
}

function delivery(): Delivery {
  const { server: api, backoff } = testTools(server, dir);
  return new Delivery(spool, api, backoff);
}

describe('Delivery', () => {
  it('sends what is left and then the result', async () => {
    append('a', 'b');
    await delivery().finish(cancelled, never);
    expect(server.lines(job)).toEqual(['a', 'b']);
    expect(server.finish(job)).toMatchObject({ lastSeq: 2, result: cancelled });
    expect(server.isIntact(job)).toBe(true);
  });

  it('is done when the server says that the attempt is over, also because the answer was lost', async () => {
    append('a');
    server.fault = (url) =>
      url.endsWith('/finish') && !server.finish(job) ? 'lose' : null;
    await delivery().finish(cancelled, never);
    expect(server.finish(job)?.result).toEqual(cancelled);
    expect(server.paths.filter((url) => url.endsWith('/finish'))).toHaveLength(
      2,
    );
  });

  it('waits for the events to be known before it goes on', async () => {
    const sending = new AbortController();
    const one = delivery();
    let isDelivered = false;
    server.fault = () => 'drop';
    append('a');
    const run = one.run(sending.signal);
    const waited = one.untilDelivered(never).then(() => (isDelivered = true));
    await expect.poll(() => server.paths.length).toBeGreaterThan(2);
    expect(isDelivered).toBe(false);
    server.fault = () => null;
    await waited;
    expect(server.lines(job)).toEqual(['a']);
    sending.abort();
    await run;
  });

  it('stops waiting when told to', async () => {
    append('a');
    const stop = new AbortController();
    const waited = delivery().untilDelivered(stop.signal);
    const stopped = expect(waited).rejects.toThrow();
    stop.abort();
    await stopped;
  });

  it('sends a full batch without waiting for more', async () => {
    const sending = new AbortController();
    const one = delivery();
    const run = one.run(sending.signal);
    append(...Array.from({ length: 6 }, () => 'x'.repeat(60_000)));
    one.wake();
    await expect
      .poll(() => server.lines(job).length, { interval: 1 })
      .toBeGreaterThan(0);
    sending.abort();
    await run;
  });

  it('ends a build whose log the disk did not take, and does not call the log whole', async () => {
    const sending = new AbortController();
    const one = delivery();
    append('a', 'b');
    const run = one.run(sending.signal);
    await one.untilDelivered(never);
    sending.abort();
    await run;
    // A closed file refuses writes as a full disk does.
    spool.close();
    expect(() => {
      append('c');
      spool.flush();
    }).toThrow(AppError);
    await one.finish(cancelled, never);
    expect(server.lines(job)).toEqual(['a', 'b']);
    expect(server.finish(job)).toMatchObject({ lastSeq: 2, result: cancelled });
    expect(server.isIntact(job)).toBe(false);
  });

  it('ends a build of which the server cannot read an event', async () => {
    append('a', 'b');
    const { server: api, backoff } = testTools(server, dir);
    const [first = ''] = spool.read(1, 1).toString().split('\n');
    const picky: ServerApi = {
      ...api,
      sendEvents: (key, from, _body, signal) =>
        from === 1
          ? api.sendEvents(
              key,
              1,
              new TextEncoder().encode(`${first}\n`),
              signal,
            )
          : Promise.reject(
              new AppError('INVALID_INPUT', 'An event could not be read.'),
            ),
    };
    await new Delivery(spool, picky, backoff).finish(cancelled, never);
    expect(server.lines(job)).toEqual(['a']);
    expect(server.finish(job)).toMatchObject({ lastSeq: 1, result: cancelled });
    expect(server.isIntact(job)).toBe(false);
  });
});
