import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '@/lib/errors';
import { ServerAway, serverApi } from '@/worker/server-api';
import { FakeServer } from '@/worker/testing/fake-server';
import { testJob } from '@/worker/testing/test-job';

const signal = new AbortController().signal;
let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer();
  await server.listen();
});
afterEach(() => server.close());

const api = () => serverApi(server.origin, server.secret);
const body = (text: string) => new TextEncoder().encode(`${text}\n`);
const EVENT = JSON.stringify({ kind: 'state', at: 1, state: 'building' });

describe('serverApi', () => {
  it('gives the next number whether the events were taken or left a gap', async () => {
    const job = testJob([]);
    server.begin(job);
    expect(await api().sendEvents(job, 1, body(EVENT), signal)).toBe(2);
    expect(await api().sendEvents(job, 9, body(EVENT), signal)).toBe(2);
    expect(server.events(job)).toHaveLength(1);
  });

  it('says which event is still wanted before an attempt can be finished', async () => {
    const job = testJob([]);
    server.begin(job);
    const finish = {
      lastSeq: 1,
      checksum: '0'.repeat(64),
      result: { outcome: 'cancelled' },
    } as const;
    expect(await api().finish(job, finish, signal)).toBe(1);
    await api().sendEvents(job, 1, body(EVENT), signal);
    expect(await api().finish(job, finish, signal)).toBeNull();
  });

  it('throws the server’s own refusal', async () => {
    const over = api().sendEvents(testJob([]), 1, body(EVENT), signal);
    await expect(over).rejects.toThrow(AppError);
    await expect(over).rejects.toMatchObject({ code: 'ATTEMPT_STALE' });
    const wrong = serverApi(server.origin, 'another-secret-altogether').claim(
      {
        key: randomUUID(),
        version: '1',
        engine: { state: 'unreachable', reason: '' },
      },
      signal,
    );
    await expect(wrong).rejects.toMatchObject({ code: 'WORKER_UNKNOWN' });
  });

  it.each(['drop', 'html', 503] as const)(
    'takes %j for a server that is away',
    async (fault) => {
      server.fault = () => fault;
      const job = testJob([]);
      server.begin(job);
      const finish = {
        lastSeq: 0,
        checksum: '0'.repeat(64),
        result: { outcome: 'cancelled' },
      } as const;
      await expect(api().heartbeat(job, signal)).rejects.toThrow(ServerAway);
      await expect(
        api().sendEvents(job, 1, body(EVENT), signal),
      ).rejects.toThrow(ServerAway);
      await expect(api().finish(job, finish, signal)).rejects.toThrow(
        ServerAway,
      );
    },
  );

  it('takes a defect of the server for a server that is away', async () => {
    server.refusal = 'INTERNAL';
    await expect(api().heartbeat(testJob([]), signal)).rejects.toThrow(
      ServerAway,
    );
  });

  it('names what is wrong when nothing listens there', async () => {
    const { origin } = server;
    await server.close();
    const gone = serverApi(origin, server.secret).heartbeat(
      testJob([]),
      signal,
    );
    await expect(gone).rejects.toThrow('ECONNREFUSED');
  });

  it('ends a long poll when told to', async () => {
    const job = testJob([]);
    server.begin(job);
    const stop = new AbortController();
    const poll = api().heartbeat(job, stop.signal);
    const ended = expect(poll).rejects.toThrow(ServerAway);
    stop.abort();
    await ended;
  });
});
