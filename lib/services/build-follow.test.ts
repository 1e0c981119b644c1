import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { Job, WorkerEvent } from '@/lib/build/protocol';
import type { BuildView } from '@/lib/build/views';
import { appendEvents } from '@/lib/services/build-events';
import { followBuild, type Position } from '@/lib/services/build-follow';
import * as store from '@/lib/services/build-log-store';
import { finishAttempt } from '@/lib/services/build-work';
import { cancelBuild } from '@/lib/services/build-cancel';
import { startBuild } from '@/lib/services/testing/starts';
import { claimNow } from '@/lib/services/testing/claims';
import type { WorkerActor } from '@/lib/services/worker-auth';

const BATCH = 20;
let actor: Actor;
let worker: WorkerActor;
let job: Job;
let sent: number;

beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor);
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  await startBuild(actor, { specId: spec.id, noCache: false });
  const claimed = await claimNow(worker);
  if (!claimed) throw new Error('Nothing was claimed.');
  job = claimed;
  sent = 0;
  await send([
    { kind: 'state', at: 1, state: 'building' },
    {
      kind: 'step',
      at: 1,
      key: 's',
      position: 0,
      parents: [],
      stage: '',
      name: 'RUN true',
      state: 'running',
      cached: false,
      startedAt: 1,
      completedAt: null,
      error: null,
      exitCode: null,
    },
  ]);
});

async function send(events: WorkerEvent[]) {
  const texts = events.map((event) => JSON.stringify(event));
  await appendEvents(worker, job, sent + 1, texts.join('\n'));
  sent += events.length;
}

let printed = 0;
beforeEach(() => {
  printed = 0;
});
const print = (count = BATCH) =>
  send(
    Array.from({ length: count }, () => ({
      kind: 'line',
      at: 1,
      step: 's',
      stream: 'stdout',
      text: `line ${(printed += 1)}`,
    })),
  );

type Watching = {
  isEnough?: (lines: readonly number[]) => boolean;
  /** After each event. */
  pauseMs?: number;
  /** Where the numbers of the lines are put as they come. */
  lines?: number[];
};

/** Watches until the build is over, or `isEnough`; gives the numbers of the lines, and how far it came. */
async function watch(
  start: Position,
  { isEnough = () => false, pauseMs = 0, lines = [] }: Watching = {},
) {
  const abort = new AbortController();
  let position = start;
  let isOver = false;
  for await (const event of followBuild(
    actor,
    job.buildId,
    start,
    abort.signal,
  )) {
    if (event.position) position = event.position;
    if (event.event === 'lines') lines.push(...event.data.map(({ n }) => n));
    if (event.event === 'end') isOver = true;
    if (pauseMs > 0)
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (isEnough(lines)) abort.abort();
  }
  return { lines, position, isOver };
}

const first = { attempt: 0, seq: 0 };
const PATIENCE = { timeout: 10_000, interval: 50 };

/** The build as one is told who comes now. */
async function firstState(): Promise<BuildView> {
  const abort = new AbortController();
  const events = followBuild(actor, job.buildId, first, abort.signal);
  for await (const event of events)
    if (event.event === 'state') return event.data;
  throw new Error('No state came.');
}
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

async function endIt() {
  await cancelBuild(actor, { buildId: job.buildId });
  await finishAttempt(worker, job, {
    lastSeq: sent,
    checksum: createHash('sha256').update('').digest('hex'),
    result: { outcome: 'cancelled' },
  });
}

describe('many viewers of one build', () => {
  it('each get every line once, whenever they come and however slow they are', async () => {
    await print();
    const viewers = [watch(first), watch(first, { pauseMs: 20 })];
    for (let n = 0; n < 30; n += 1) {
      await print();
      if (n % 5 === 0) viewers.push(watch(first));
    }
    await endIt();
    for (const { lines, isOver } of await Promise.all(viewers)) {
      expect(lines).toEqual(upTo(31 * BATCH));
      expect(isOver).toBe(true);
    }
  });

  it('share one reading of what comes', async () => {
    const seen = Array.from({ length: 50 }, (): number[] => []);
    const viewers = seen.map((lines) => watch(first, { lines }));
    const printToAll = async () => {
      await print();
      await vi.waitFor(() => {
        for (const lines of seen) expect(lines).toHaveLength(printed);
      }, PATIENCE);
    };
    const asked = vi.spyOn(store, 'readEventsAfter');
    await printToAll();
    asked.mockClear();
    for (let n = 0; n < 5; n += 1) await printToAll();
    const readings = asked.mock.calls.length;
    asked.mockRestore();
    await endIt();
    for (const { lines } of await Promise.all(viewers))
      expect(lines).toEqual(upTo(6 * BATCH));
    // Two a turn: what is there, and that nothing more is. Apart, fifty viewers would make five hundred.
    expect(readings).toBeGreaterThanOrEqual(5);
    expect(readings).toBeLessThanOrEqual(20);
  });

  it('are told the build as it is now, not as it was when its state last changed', async () => {
    const keeper = watch(first);
    for (let n = 0; n < 5; n += 1) await print();
    await vi.waitFor(async () => {
      const { attempts, steps } = await firstState();
      expect(attempts[0]?.lines).toBe(5 * BATCH);
      expect(steps[0]?.lines).toBe(5 * BATCH);
    }, PATIENCE);
    await endIt();
    await keeper;
  });

  it('are told when their tail breaks, and not that the build is over', async () => {
    const read = vi.spyOn(store, 'readEventsAfter');
    read.mockRejectedValue(new Error('The database is away.'));
    await expect(watch(first)).rejects.toThrow('The database is away.');
    read.mockRestore();
    await print();
    const again = watch(first);
    await endIt();
    expect((await again).lines).toEqual(upTo(BATCH));
  });

  it('go on from any position, also from one the tail has not come to', async () => {
    await print();
    const keeper = watch(first);
    await print();
    const half = await watch(first, {
      isEnough: (lines) => lines.length >= 2 * BATCH,
    });
    expect(half.lines).toEqual(upTo(2 * BATCH));
    const inside = watch({ attempt: 1, seq: 2 + 7 });
    // Far ahead of everything: nothing of what it has comes again.
    const ahead = watch({ attempt: 1, seq: 2 + 2 * BATCH + 3 });
    await print();
    await endIt();
    expect((await inside).lines).toEqual(upTo(3 * BATCH).slice(7));
    expect((await ahead).lines).toEqual(upTo(3 * BATCH).slice(2 * BATCH + 3));
    expect((await keeper).lines).toEqual(upTo(3 * BATCH));
  });

  it('read on from the store when they lag by more than the tail keeps', async () => {
    const slow = watch(first, { pauseMs: 5 });
    for (let n = 0; n < 30; n += 1) await print(1_500);
    await endIt();
    const { lines, isOver } = await slow;
    expect(lines).toEqual(upTo(45_000));
    expect(isOver).toBe(true);
  });
});
