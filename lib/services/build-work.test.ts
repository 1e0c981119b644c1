import { createHash } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildAttempts, jobs } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
  READY,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { Finish, Job, WorkerEvent } from '@/lib/build/protocol';
import { endExpiredLeases } from '@/lib/services/build-ends';
import { appendEvents } from '@/lib/services/build-events';
import { followBuild } from '@/lib/services/build-follow';
import { downloadLines, listLines } from '@/lib/services/build-lines';
import { claimedJob, newClaim } from '@/lib/services/testing/claims';
import { mergeLog } from '@/lib/services/build-log-store';
import { listBuilds } from '@/lib/services/build-list';
import { getBuild } from '@/lib/services/build-views';
import { finishAttempt, heartbeat } from '@/lib/services/build-work';
import { cancelBuild } from '@/lib/services/build-cancel';
import { rebuild } from '@/lib/services/build-start';
import { startBuild } from '@/lib/services/testing/starts';
import { TEST_CA } from '@/lib/registry/testing/fake-registry';
import type { WorkerActor } from '@/lib/services/worker-auth';

const never = new AbortController().signal;
const gone = AbortSignal.abort();

let actor: Actor;
let worker: WorkerActor;
let specId: string;

beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor);
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  specId = spec.id;
});

const step = (state: 'running' | 'done' = 'running'): WorkerEvent => ({
  kind: 'step',
  at: 1,
  key: 's',
  position: 0,
  parents: [],
  stage: '',
  name: 'RUN true',
  state,
  cached: false,
  startedAt: 1,
  completedAt: null,
  error: null,
  exitCode: null,
});
const line = (n: number): WorkerEvent => ({
  kind: 'line',
  at: n,
  step: 's',
  stream: 'stdout',
  text: `line ${n}`,
});
const state = (to: 'building' | 'pushing'): WorkerEvent => ({
  kind: 'state',
  at: 1,
  state: to,
});
const body = (events: WorkerEvent[]) =>
  events.map((event) => JSON.stringify(event)).join('\n');
const checksum = (events: WorkerEvent[]) =>
  createHash('sha256')
    .update(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    .digest('hex');

async function claimed(): Promise<{
  job: Job;
  key: { buildId: string; attempt: number };
}> {
  await startBuild(actor, { specId, noCache: false });
  const job = await claimedJob(worker, newClaim(), never);
  if (!job) throw new Error('Nothing was claimed.');
  return { job, key: { buildId: job.buildId, attempt: job.attempt } };
}

function finishOf(events: WorkerEvent[], result: Finish['result']): Finish {
  return { lastSeq: events.length, checksum: checksum(events), result };
}

async function stateOf(buildId: string) {
  return (await getBuild(actor, buildId)).state;
}

describe('claiming', () => {
  it('hands over the certificates of the target’s own registry, and of no other', async () => {
    expect((await claimed()).job.target).not.toHaveProperty('caCertificates');
    await makeRegistry(actor, {
      host: 'other.example.com',
      caCertificates: 'of another',
    });
    const own = await makeRegistry(actor, {
      host: 'own-ca.example.com',
      caCertificates: TEST_CA,
    });
    specId = (await makeSpec(actor, own)).spec.id;
    expect((await claimed()).job.target).toMatchObject({
      host: 'own-ca.example.com',
      caCertificates: TEST_CA,
    });
  });

  it('gives a lost answer again, and never two builds for one key', async () => {
    const first = await startBuild(actor, { specId, noCache: false });
    const second = await startBuild(actor, { specId, noCache: true });
    const same = newClaim();
    const answers = await Promise.all([
      claimedJob(worker, same, never),
      claimedJob(worker, same, never),
    ]);
    answers.push(await claimedJob(worker, same, never));
    expect(answers.map((job) => [job?.buildId, job?.attempt])).toEqual(
      Array(3).fill([first.id, 1]),
    );
    expect((await claimedJob(worker, newClaim(), never))?.buildId).toBe(
      second.id,
    );
  });

  it('does not give an attempt again that has reported', async () => {
    await startBuild(actor, { specId, noCache: false });
    const same = newClaim();
    const job = await claimedJob(worker, same, never);
    if (!job) throw new Error('Nothing was claimed.');
    const events = [state('building')];
    await appendEvents(worker, job, 1, body(events));
    expect(await claimedJob(worker, same, gone)).toBeNull();
  });

  it('hands the oldest queued build to one of two workers', async () => {
    const first = await startBuild(actor, { specId, noCache: false });
    const second = await startBuild(actor, { specId, noCache: true });
    const other = await makeWorker(actor);
    const jobs = await Promise.all([
      claimedJob(worker, newClaim(), never),
      claimedJob(other, newClaim(), never),
    ]);
    expect(jobs.map((job) => job?.buildId).sort()).toEqual(
      [first.id, second.id].sort(),
    );
    expect([first.number, second.number]).toEqual([1, 2]);
  });

  it('wakes a waiting worker when a build is queued', async () => {
    const waiting = claimedJob(worker, newClaim(), never);
    const build = await startBuild(actor, { specId, noCache: false });
    expect((await waiting)?.buildId).toBe(build.id);
  });

  it('gives nothing to a worker of another team', async () => {
    await startBuild(actor, { specId, noCache: false });
    const stranger = await makeWorker(await makeActor());
    expect(await claimedJob(stranger, newClaim(), gone)).toBeNull();
  });

  it('gives nothing to a worker without an engine, and says why on the queue', async () => {
    const build = await startBuild(actor, { specId, noCache: false });
    const reason = 'Docker does not answer.';
    expect(
      await claimedJob(
        worker,
        newClaim({ state: 'unreachable', reason }),
        gone,
      ),
    ).toBeNull();
    expect((await getBuild(actor, build.id)).queue).toMatchObject({
      canStart: false,
      reason: expect.stringContaining(reason) as string,
    });
  });

  it('gives nothing to a worker that cannot build the platform', async () => {
    await startBuild(actor, { specId, noCache: false });
    const claim = newClaim({ ...READY, platforms: ['linux/arm64'] });
    expect(await claimedJob(worker, claim, gone)).toBeNull();
  });
});

describe('events', () => {
  it('are stored once and in order, whatever is sent twice', async () => {
    const { key } = await claimed();
    const events = [state('building'), step(), line(1), line(2), line(3)];
    expect(
      await appendEvents(worker, key, 1, body(events.slice(0, 3))),
    ).toEqual({ nextSeq: 4, isGap: false });
    expect(
      await appendEvents(worker, key, 1, body(events.slice(0, 4))),
    ).toEqual({ nextSeq: 5, isGap: false });
    expect(
      await appendEvents(worker, key, 2, body(events.slice(1, 3))),
    ).toEqual({ nextSeq: 5, isGap: false });
    expect(await appendEvents(worker, key, 5, body(events.slice(4)))).toEqual({
      nextSeq: 6,
      isGap: false,
    });
    const { lines, total } = await listLines(actor, key.buildId, {
      from: 1,
      limit: 10,
    });
    expect(lines.map(({ n, text }) => [n, text])).toEqual([
      [1, 'line 1'],
      [2, 'line 2'],
      [3, 'line 3'],
    ]);
    expect(total).toBe(3);
    const view = await getBuild(actor, key.buildId);
    expect(view.state).toBe('building');
    expect(view.steps).toMatchObject([
      { key: 's', state: 'running', lines: 3 },
    ]);
  });

  it('after a gap are refused with the number wanted', async () => {
    const { key } = await claimed();
    expect(await appendEvents(worker, key, 3, body([line(1)]))).toEqual({
      nextSeq: 1,
      isGap: true,
    });
    expect(
      (await listLines(actor, key.buildId, { from: 1, limit: 10 })).lines,
    ).toEqual([]);
  });

  it('of another worker, or of an attempt that is over, are stale', async () => {
    const { key } = await claimed();
    const other = await makeWorker(actor);
    await expect(
      appendEvents(other, key, 1, body([line(1)])),
    ).rejects.toMatchObject({ code: 'ATTEMPT_STALE' });
    await finishAttempt(worker, key, finishOf([], { outcome: 'abandoned' }));
    await expect(
      appendEvents(worker, key, 1, body([line(1)])),
    ).rejects.toMatchObject({ code: 'ATTEMPT_STALE' });
  });

  it('that cannot be read are refused whole', async () => {
    const { key } = await claimed();
    const bad = `${body([line(1)])}\n{"kind":"line"}`;
    await expect(appendEvents(worker, key, 1, bad)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(await appendEvents(worker, key, 1, body([step(), line(1)]))).toEqual(
      { nextSeq: 3, isGap: false },
    );
  });
});

describe('finishing', () => {
  it('waits for the events it counts', async () => {
    const { key } = await claimed();
    const events = [state('building'), step(), line(1), line(2)];
    await appendEvents(worker, key, 1, body(events.slice(0, 2)));
    const finish = finishOf(events, {
      outcome: 'failed',
      failure: {
        code: 'BUILD_COMMAND_FAILED',
        message: 'It ended with 3.',
        step: 's',
        exitCode: 3,
      },
    });
    expect(await finishAttempt(worker, key, finish)).toEqual({
      isAccepted: false,
      nextSeq: 3,
    });
    await appendEvents(worker, key, 3, body(events.slice(2)));
    expect(await finishAttempt(worker, key, finish)).toEqual({
      isAccepted: true,
    });
    expect(await getBuild(actor, key.buildId)).toMatchObject({
      state: 'failed',
      failure: { code: 'BUILD_COMMAND_FAILED', step: 's', exitCode: 3 },
      attempts: [{ outcome: 'failed', log: 'complete', lines: 2 }],
    });
  });

  it('with another checksum leaves a log that is not called complete', async () => {
    const { key } = await claimed();
    await appendEvents(
      worker,
      key,
      1,
      body([state('building'), step(), line(1)]),
    );
    const finish = { ...finishOf([], { outcome: 'abandoned' }), lastSeq: 3 };
    await finishAttempt(worker, key, finish);
    expect((await getBuild(actor, key.buildId)).attempts).toMatchObject([
      { log: 'incomplete', outcome: 'lost' },
    ]);
  });

  it('with a clipped step leaves a log that is not called complete', async () => {
    const { key } = await claimed();
    const events: WorkerEvent[] = [
      state('building'),
      step(),
      line(1),
      {
        kind: 'clipped',
        at: 1,
        step: 's',
        by: 'engine',
        reason: 'The engine clipped it.',
      },
    ];
    await appendEvents(worker, key, 1, body(events));
    const failure = {
      code: 'BUILD_COMMAND_FAILED',
      message: 'x',
      step: 's',
      exitCode: 1,
    } as const;
    await finishAttempt(
      worker,
      key,
      finishOf(events, { outcome: 'failed', failure }),
    );
    expect(await getBuild(actor, key.buildId)).toMatchObject({
      attempts: [{ log: 'clipped' }],
      steps: [{ clipped: 'The engine clipped it.' }],
    });
  });

  it('with a pushed digest verifies before anything is published', async () => {
    const { key } = await claimed();
    const events = [state('building'), state('pushing')];
    await appendEvents(worker, key, 1, body(events));
    const digest = `sha256:${'a'.repeat(64)}`;
    const result = {
      outcome: 'pushed',
      digest,
      platform: 'linux/amd64',
      readBack: true,
    } as const;
    await finishAttempt(worker, key, finishOf(events, result));
    expect(await getBuild(actor, key.buildId)).toMatchObject({
      state: 'verifying',
      digest: null,
    });
    const [job] = await db()
      .select()
      .from(jobs)
      .where(and(eq(jobs.kind, 'verify_build'), eq(jobs.key, key.buildId)));
    expect(job?.payload).toEqual({ buildId: key.buildId });
    await expect(
      finishAttempt(worker, key, finishOf(events, result)),
    ).rejects.toMatchObject({ code: 'ATTEMPT_STALE' });
  });
});

describe('a worker that goes away', () => {
  const expire = (buildId: string) =>
    db()
      .update(buildAttempts)
      .set({ leaseUntil: sql`now() - interval '1 second'` })
      .where(eq(buildAttempts.buildId, buildId));

  it('sends its build back to the queue once, then the build is lost', async () => {
    const { key } = await claimed();
    await expire(key.buildId);
    await endExpiredLeases();
    expect(await stateOf(key.buildId)).toBe('queued');
    const again = await claimedJob(worker, newClaim(), never);
    expect(again).toMatchObject({ buildId: key.buildId, attempt: 2 });
    await expect(
      appendEvents(worker, key, 1, body([line(1)])),
    ).rejects.toMatchObject({ code: 'ATTEMPT_STALE' });
    await expire(key.buildId);
    await endExpiredLeases();
    expect(await getBuild(actor, key.buildId)).toMatchObject({
      state: 'lost',
      failure: { code: 'WORKER_LOST' },
      attempts: [{ outcome: 'lost' }, { outcome: 'lost' }],
    });
  });

  it('in the middle of a push leaves the build lost at once', async () => {
    const { key } = await claimed();
    await appendEvents(
      worker,
      key,
      1,
      body([state('building'), state('pushing')]),
    );
    await expire(key.buildId);
    await endExpiredLeases();
    expect(await stateOf(key.buildId)).toBe('lost');
  });

  it('while cancelling leaves the build cancelled', async () => {
    const { key } = await claimed();
    await cancelBuild(actor, { buildId: key.buildId });
    await expire(key.buildId);
    await endExpiredLeases();
    expect(await getBuild(actor, key.buildId)).toMatchObject({
      state: 'cancelled',
      cancelledBy: 'Ada',
    });
  });

  it('is told to stop when it comes back', async () => {
    const { key } = await claimed();
    await expire(key.buildId);
    await endExpiredLeases();
    expect(await heartbeat(worker, key, never)).toEqual({ desired: 'stop' });
  });
});

describe('cancelling', () => {
  it('ends a queued build at once', async () => {
    const build = await startBuild(actor, { specId, noCache: false });
    expect(await cancelBuild(actor, { buildId: build.id })).toEqual({
      state: 'cancelled',
    });
    expect(await claimedJob(worker, newClaim(), gone)).toBeNull();
  });

  it('reaches a waiting heartbeat at once', async () => {
    const { key } = await claimed();
    const waiting = heartbeat(worker, key, never);
    await cancelBuild(actor, { buildId: key.buildId });
    expect(await waiting).toEqual({ desired: 'cancel' });
    await finishAttempt(worker, key, finishOf([], { outcome: 'cancelled' }));
    expect(await getBuild(actor, key.buildId)).toMatchObject({
      state: 'cancelled',
      cancelledBy: 'Ada',
    });
  });

  it('comes too late for a build that is being verified', async () => {
    const { key } = await claimed();
    const events = [state('building'), state('pushing')];
    await appendEvents(worker, key, 1, body(events));
    const digest = `sha256:${'b'.repeat(64)}`;
    await finishAttempt(
      worker,
      key,
      finishOf(events, {
        outcome: 'pushed',
        digest,
        platform: 'linux/amd64',
        readBack: false,
      }),
    );
    await expect(
      cancelBuild(actor, { buildId: key.buildId }),
    ).rejects.toMatchObject({ code: 'BUILD_NOT_MOVABLE' });
  });
});

describe('following', () => {
  it('sends every line once, across a resume, and ends after the last', async () => {
    const { key } = await claimed();
    const events = [
      state('building'),
      step(),
      ...Array.from({ length: 500 }, (_, index) => line(index + 1)),
    ];
    const seen: number[] = [];
    let position = { attempt: 0, seq: 0 };
    const follow = async (until: number) => {
      const abort = new AbortController();
      for await (const event of followBuild(
        actor,
        key.buildId,
        position,
        abort.signal,
      )) {
        if (event.position) position = event.position;
        if (event.event === 'lines') seen.push(...event.data.map(({ n }) => n));
        if (event.event === 'end') return event.data.state;
        if (seen.length >= until) abort.abort();
      }
      return null;
    };
    await appendEvents(worker, key, 1, body(events.slice(0, 202)));
    expect(await follow(200)).toBeNull();
    const rest = follow(Number.POSITIVE_INFINITY);
    for (let from = 203; from <= events.length; from += 50) {
      await appendEvents(
        worker,
        key,
        from,
        body(events.slice(from - 1, from + 49)),
      );
    }
    const failure = {
      code: 'BUILD_COMMAND_FAILED',
      message: 'x',
      step: 's',
      exitCode: 1,
    } as const;
    await finishAttempt(
      worker,
      key,
      finishOf(events, { outcome: 'failed', failure }),
    );
    expect(await rest).toBe('failed');
    expect(seen).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  it('goes on with the next attempt', async () => {
    const { key } = await claimed();
    await appendEvents(
      worker,
      key,
      1,
      body([state('building'), step(), line(1)]),
    );
    await finishAttempt(
      worker,
      key,
      finishOf([state('building'), step(), line(1)], { outcome: 'abandoned' }),
    );
    await claimedJob(worker, newClaim(), never);
    const second = { ...key, attempt: 2 };
    const events = [state('building'), step(), line(1)];
    await appendEvents(worker, second, 1, body(events));
    const failure = {
      code: 'INTERNAL',
      message: 'x',
      step: null,
      exitCode: null,
    } as const;
    await finishAttempt(
      worker,
      second,
      finishOf(events, { outcome: 'failed', failure }),
    );
    const heard: string[] = [];
    for await (const event of followBuild(
      actor,
      key.buildId,
      { attempt: 0, seq: 0 },
      never,
    )) {
      if (event.event === 'attempt')
        heard.push(`attempt ${event.data.attempt}`);
      if (event.event === 'lines')
        heard.push(...event.data.map(({ text }) => text));
      if (event.event === 'end') heard.push(event.data.state);
    }
    expect(heard).toEqual([
      'attempt 1',
      'line 1',
      'attempt 2',
      'line 1',
      'failed',
    ]);
  });
});

describe('a merged log', () => {
  it('reads exactly as before', async () => {
    const { key } = await claimed();
    const events = [
      state('building'),
      step(),
      ...Array.from({ length: 300 }, (_, index) => line(index + 1)),
    ];
    for (let from = 1; from <= events.length; from += 7) {
      await appendEvents(
        worker,
        key,
        from,
        body(events.slice(from - 1, from + 6)),
      );
    }
    const read = async () => {
      const texts: string[] = [];
      for await (const { n, text } of (
        await downloadLines(actor, key.buildId, {})
      ).lines)
        texts.push(`${n} ${text}`);
      return texts;
    };
    const before = await read();
    await mergeLog(key);
    await mergeLog(key);
    expect(await read()).toEqual(before);
    expect(before).toHaveLength(300);
    expect(
      (
        await listLines(actor, key.buildId, { from: 120, limit: 3, step: 's' })
      ).lines.map(({ n }) => n),
    ).toEqual([120, 121, 122]);
    const failure = {
      code: 'INTERNAL',
      message: 'x',
      step: null,
      exitCode: null,
    } as const;
    await finishAttempt(
      worker,
      key,
      finishOf(events, { outcome: 'failed', failure }),
    );
    expect((await getBuild(actor, key.buildId)).attempts).toMatchObject([
      { log: 'complete' },
    ]);
  });
});

describe("another team's build", () => {
  it('is not found', async () => {
    const build = await startBuild(actor, { specId, noCache: false });
    const stranger = await makeActor();
    await expect(getBuild(stranger, build.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(
      cancelBuild(stranger, { buildId: build.id }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      rebuild(stranger, { buildId: build.id, noCache: false }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      startBuild(stranger, { specId, noCache: false }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(
      listLines(stranger, build.id, { from: 1, limit: 1 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await listBuilds(stranger)).items).toEqual([]);
    expect((await listBuilds(actor)).items.map(({ id }) => id)).toEqual([
      build.id,
    ]);
  });
});

describe('a build number', () => {
  it('is never given twice, also when many start at once', async () => {
    const started = await Promise.all(
      Array.from({ length: 12 }, () =>
        startBuild(actor, { specId, noCache: true }),
      ),
    );
    expect(started.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });
});
