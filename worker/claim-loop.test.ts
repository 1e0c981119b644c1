import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildEngine } from '@/lib/build/engine';
import type { EngineReport } from '@/lib/build/protocol';
import { work } from '@/worker/claim-loop';
import { fakeEngine } from '@/worker/engine-fake';
import { Spool } from '@/worker/spool';
import { FakeServer } from '@/worker/testing/fake-server';
import { testJob } from '@/worker/testing/test-job';
import { testTools } from '@/worker/testing/tools';

let server: FakeServer;
let dir: string;
let stop: AbortController;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-loop-'));
  stop = new AbortController();
  server = new FakeServer();
  await server.listen();
});

afterEach(async () => {
  stop.abort();
  await server.close();
  rmSync(dir, { recursive: true });
});

async function until(isTrue: () => boolean) {
  await expect.poll(isTrue, { timeout: 5_000, interval: 5 }).toBe(true);
}

describe('work', () => {
  it('builds one job after another', async () => {
    const jobs = [testJob(['a']), testJob(['b']), testJob(['# fake: exit 1'])];
    for (const job of jobs) server.queue(job);
    const over = work(testTools(server, dir), stop.signal);
    await until(() => jobs.every((job) => server.finish(job) !== null));
    stop.abort();
    await over;
    expect(jobs.map((job) => server.finish(job)?.result.outcome)).toEqual([
      'pushed',
      'pushed',
      'failed',
    ]);
    const claims = server.paths.filter((each) => each.endsWith('/claim'));
    expect(claims.length).toBeGreaterThanOrEqual(3);
  });

  it('runs side by side as many as it is given, and stops them all', async () => {
    server.slots = 2;
    const jobs = [1, 2, 3].map(() => testJob(['# fake: sleep 600']));
    for (const job of jobs) server.queue(job);
    const over = work(testTools(server, dir), stop.signal);
    await until(() => server.running === 2);
    const [first, second, third] = jobs;
    if (!first || !second || !third) throw new Error('Three were made.');
    server.cancel(first);
    await until(() => server.finish(first)?.result.outcome === 'cancelled');
    await until(() => server.events(third).length > 2);
    expect(server.finish(second)).toBeNull();
    stop.abort();
    await over;
    expect(server.finish(second)?.result.outcome).toBe('abandoned');
    expect(server.finish(third)?.result.outcome).toBe('abandoned');
    expect(Spool.leftovers(dir)).toEqual([]);
  });

  it('looks after itself when it is told to, and goes on building', async () => {
    server.order = { now: Date.now() - 90_000, registries: [], platforms: [] };
    const over = work(testTools(server, dir), stop.signal);
    const job = testJob(['a']);
    server.queue(job);
    await until(() => server.finish(job) !== null);
    await until(() => server.checkups.length === 1);
    stop.abort();
    await over;
    expect(server.checkups[0]?.findings).toMatchObject([
      { check: 'engine', code: 'ready' },
      { check: 'clock', code: 'wrong', state: 'bad' },
    ]);
  });

  it('takes a job that is queued while it waits, at once', async () => {
    const over = work(testTools(server, dir), stop.signal);
    await until(() => server.claims.length > 0);
    const job = testJob(['a']);
    server.queue(job);
    await until(() => server.finish(job) !== null);
    stop.abort();
    await over;
  });

  it('says why it cannot build, and that it can, as soon as that changes', async () => {
    let report: EngineReport = {
      state: 'unreachable',
      reason: 'No container engine listens there.',
    };
    const engine: BuildEngine = {
      ...fakeEngine(),
      probe: () => Promise.resolve(report),
    };
    const tools = testTools(server, dir, { engine, probeMs: 10 });
    const over = work(tools, stop.signal);
    const job = testJob(['a']);
    server.queue(job);
    await until(() => server.claims.length > 0);
    expect(server.claims[0]?.engine).toEqual(report);
    report = await fakeEngine().probe();
    await until(() => server.finish(job) !== null);
    stop.abort();
    await over;
    expect(tools.said.slice(0, 2)).toEqual([
      'Cannot build: No container engine listens there.',
      'Ready to build with the test engine.',
    ]);
  });

  it('waits for a server that is away, says so once, and goes on', async () => {
    let isAway = true;
    server.fault = () => (isAway ? 'drop' : null);
    const tools = testTools(server, dir);
    const over = work(tools, stop.signal);
    await until(() => server.paths.length > 5);
    isAway = false;
    const job = testJob(['a']);
    server.queue(job);
    await until(() => server.finish(job) !== null);
    stop.abort();
    await over;
    expect(tools.said.filter((line) => line.startsWith('away'))).toHaveLength(
      1,
    );
    expect(tools.said).toContain('back');
  });

  it('asks again for the job whose answer was lost', async () => {
    const jobs = [testJob(['a']), testJob(['b'])];
    for (const job of jobs) server.queue(job);
    let lost = 0;
    server.fault = (path) =>
      path.endsWith('/claim') && lost++ < 2 ? 'lose' : null;
    const over = work(testTools(server, dir), stop.signal);
    await until(() => jobs.every((job) => server.finish(job) !== null));
    stop.abort();
    await over;
    expect(new Set(server.claims.slice(0, 3).map(({ key }) => key)).size).toBe(
      1,
    );
  });

  it.each(['WORKER_UNKNOWN', 'WORKER_PROTOCOL'] as const)(
    'ends when the server answers %s',
    async (code) => {
      server.refusal = code;
      await expect(
        work(testTools(server, dir), stop.signal),
      ).rejects.toMatchObject({ code });
    },
  );

  it('stops at once while it waits', async () => {
    const over = work(testTools(server, dir), stop.signal);
    await until(() => server.claims.length > 0);
    const began = performance.now();
    stop.abort();
    await over;
    expect(performance.now() - began).toBeLessThan(250);
  });

  it('gives up the attempt of a killed process, with every event that was spooled', async () => {
    const job = testJob([]);
    const attempt = server.begin(job);
    const lost = Spool.create(dir, job);
    for (let n = 1; n <= 20; n += 1) {
      lost.append({
        kind: 'line',
        at: 1,
        step: 's',
        stream: 'stdout',
        text: `${n}`,
      });
    }
    attempt.texts.push(...lost.read(1, 200).toString().trimEnd().split('\n'));
    const sent = attempt.texts.length;
    lost.close();
    const discarded: string[] = [];
    const engine: BuildEngine = {
      ...fakeEngine(),
      discard: ({ buildId }) => Promise.resolve(void discarded.push(buildId)),
    };
    const over = work(testTools(server, dir, { engine }), stop.signal);
    await until(() => readdirSync(dir).length === 0);
    stop.abort();
    await over;
    expect(sent).toBeGreaterThan(0);
    expect(server.lines(job)).toEqual(
      Array.from({ length: 20 }, (_, n) => `${n + 1}`),
    );
    expect(server.finish(job)).toMatchObject({
      lastSeq: 20,
      result: { outcome: 'abandoned' },
    });
    expect(server.isIntact(job)).toBe(true);
    expect(discarded).toEqual([job.buildId]);
  });

  it('says how an attempt ended that a killed process could not report', async () => {
    const job = testJob([]);
    server.begin(job);
    const lost = Spool.create(dir, job);
    const result = { outcome: 'timed_out', limit: 'idle', step: null } as const;
    lost.setResult(result);
    lost.close();
    const over = work(testTools(server, dir), stop.signal);
    await until(() => server.finish(job) !== null);
    stop.abort();
    await over;
    expect(server.finish(job)?.result).toEqual(result);
  });

  it('ends an attempt whose spool lost its end with its disk, and hides nothing', async () => {
    const job = testJob([]);
    const attempt = server.begin(job);
    const lost = Spool.create(dir, job);
    lost.append({ kind: 'state', at: 1, state: 'building' });
    lost.close();
    attempt.texts.push(
      JSON.stringify({ kind: 'state', at: 1, state: 'building' }),
      JSON.stringify({ kind: 'dockerfile', at: 1, text: 'FROM a' }),
    );
    const over = work(testTools(server, dir), stop.signal);
    await until(() => server.finish(job) !== null);
    stop.abort();
    await over;
    expect(server.finish(job)).toMatchObject({
      lastSeq: 2,
      result: { outcome: 'abandoned' },
    });
    expect(server.isIntact(job)).toBe(false);
  });

  it('forgets a former attempt that is over on the server', async () => {
    Spool.create(dir, testJob([])).close();
    const over = work(testTools(server, dir), stop.signal);
    await until(() => server.claims.length > 0);
    stop.abort();
    await over;
    expect(readdirSync(dir)).toEqual([]);
  });

  it('leaves a running attempt to its next start when the server is away at the end', async () => {
    const job = testJob(['# fake: sleep 60']);
    server.queue(job);
    const over = work(testTools(server, dir), stop.signal);
    await until(() => server.events(job).length >= 3);
    server.fault = () => 'drop';
    stop.abort();
    await over;
    expect(readdirSync(dir)).toHaveLength(2);
    server.fault = () => null;
    stop = new AbortController();
    const next = work(testTools(server, dir), stop.signal);
    await until(() => server.finish(job) !== null);
    stop.abort();
    await next;
    expect(server.finish(job)?.result).toEqual({ outcome: 'abandoned' });
    expect(server.isIntact(job)).toBe(true);
  }, 15_000);
});
