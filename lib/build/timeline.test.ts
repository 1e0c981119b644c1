import { describe, expect, it } from 'vitest';
import { ticksOf, toTimeline } from '@/lib/build/timeline';
import type { BuildState } from '@/lib/build/state';
import type { StepView } from '@/lib/build/views';

const T = Date.parse('2026-11-27T10:00:00Z');
const iso = (seconds: number) => new Date(T + seconds * 1000).toISOString();

/** A build that was asked for at 0 s and claimed at 3 s. */
const build = (state: BuildState, finished: number | null) => ({
  createdAt: iso(0),
  finishedAt: finished === null ? null : iso(finished),
  state,
  attempt: 1,
  attempts: [{ attempt: 1, claimedAt: iso(3) }],
});

const step = (
  key: string,
  from: number | null,
  to: number | null,
  rest: Partial<StepView> = {},
): StepView => ({
  key,
  position: 0,
  parents: [],
  stage: '',
  name: `RUN ${key}`,
  state: to === null ? (from === null ? 'queued' : 'running') : 'done',
  cached: false,
  startedAt: from === null ? null : iso(from),
  completedAt: to === null ? null : iso(to),
  error: null,
  exitCode: null,
  lines: 0,
  clipped: null,
  ...rest,
});

const steps = [
  step('from', 3, 4, { cached: true }),
  step('uv', 4, 6, { stage: 'uv', parents: ['from'] }),
  step('conda', 4, 20, { stage: 'micromamba', parents: ['from'] }),
  step('install', 20, 30, { parents: ['uv', 'conda'] }),
  step('push', 31, 38),
];

const spans = ({ bars }: ReturnType<typeof toTimeline>) =>
  bars.map(({ name, fromMs, toMs }) => [name, fromMs / 1000, toMs / 1000]);

describe('toTimeline', () => {
  it('has the wait, the stages as lanes, the push and the reading back on one axis', () => {
    const timeline = toTimeline(build('published', 40), steps, T);
    expect(timeline.startAt).toBe(T);
    expect(timeline.lengthMs).toBe(40_000);
    expect(spans(timeline)).toEqual([
      ['Waited for a worker', 0, 3],
      ['RUN conda', 4, 20],
      ['RUN uv', 4, 6],
      ['RUN from', 3, 4],
      ['RUN install', 20, 30],
      ['RUN push', 31, 38],
      ['Read back from the registry', 38, 40],
    ]);
    expect(timeline.bars.map(({ kind }) => kind)).toEqual([
      'wait',
      'step',
      'step',
      'step',
      'step',
      'push',
      'verify',
    ]);
  });

  it('marks what was on the longest chain, and what was cached', () => {
    const { bars, chainMs } = toTimeline(build('published', 40), steps, T);
    const names = (is: 'isCritical' | 'isCached') =>
      bars.filter((bar) => bar[is]).map(({ name }) => name);
    expect(names('isCritical')).toEqual([
      'Waited for a worker',
      'RUN conda',
      'RUN from',
      'RUN install',
      'RUN push',
      'Read back from the registry',
    ]);
    expect(names('isCached')).toEqual(['RUN from']);
    expect(chainMs).toBe(27_000);
    expect(bars.find(({ name }) => name === 'RUN install')?.inputs).toEqual([
      'RUN uv',
      'RUN conda',
    ]);
  });

  it('counts the export into the chain, though it names no step it waits for', () => {
    const exported = [
      ...steps.slice(0, -1),
      step('export', 30, 31, { name: 'exporting to image' }),
      step('push', 31, 38),
    ];
    const { bars, chainMs } = toTimeline(build('published', 40), exported, T);
    expect(
      bars.find(({ name }) => name === 'exporting to image'),
    ).toMatchObject({ isCritical: true, kind: 'step' });
    expect(chainMs).toBe(28_000);
  });

  it('grows with what runs, and leaves out what has not begun', () => {
    const running = [
      step('a', 3, 5),
      step('b', 5, null),
      step('c', null, null),
    ];
    const { bars, lengthMs, notReached } = toTimeline(
      build('building', null),
      running,
      T + 9_000,
    );
    expect(lengthMs).toBe(9_000);
    expect(notReached).toBe(1);
    expect(bars.at(-1)).toMatchObject({
      name: 'RUN b',
      toMs: 9_000,
      isGrowing: true,
      position: 2,
    });
  });

  it('of a build that waits is its wait', () => {
    const waiting = { ...build('queued', null), attempt: 0, attempts: [] };
    expect(toTimeline(waiting, [], T + 7_000).bars).toMatchObject([
      { kind: 'wait', toMs: 7_000, isGrowing: true },
    ]);
  });

  it('ends what a lost worker left running', () => {
    const { bars } = toTimeline(build('lost', 20), [step('a', 3, null)], T);
    expect(bars.at(-1)).toMatchObject({
      state: 'cancelled',
      toMs: 20_000,
      isGrowing: false,
    });
  });

  it.each([
    ['slow', -3_600],
    ['fast', 3_600],
  ])('puts steps of a worker whose clock is %s where they were', (_n, by) => {
    const moved = steps.map((one) => ({
      ...one,
      startedAt: iso((Date.parse(one.startedAt ?? '') - T) / 1000 + by),
      completedAt: iso((Date.parse(one.completedAt ?? '') - T) / 1000 + by),
    }));
    const timeline = toTimeline(build('published', 40), moved, T);
    const from = timeline.bars.find(({ name }) => name === 'RUN install');
    expect(from && from.toMs - from.fromMs).toBe(10_000);
    for (const bar of timeline.bars) {
      expect(bar.fromMs).toBeGreaterThanOrEqual(0);
      expect(bar.toMs).toBeLessThanOrEqual(timeline.lengthMs);
    }
  });

  it('never has a bar end before it begins', () => {
    const odd = [step('a', 10, 5)];
    for (const { fromMs, toMs } of toTimeline(build('failed', 20), odd, T).bars)
      expect(toMs).toBeGreaterThanOrEqual(fromMs);
  });
});

describe('ticksOf', () => {
  it.each([
    [0, [0]],
    [900, [0, 200, 400, 600, 800]],
    [7_000, [0, 2_000, 4_000, 6_000]],
    [65_000, [0, 20_000, 40_000, 60_000]],
    [1_000_000, [0, 300_000, 600_000, 900_000]],
  ])('of %i ms are round', (lengthMs, ticks) => {
    expect(ticksOf(lengthMs, 5)).toEqual(ticks);
  });

  it.each([1, 999, 12_345, 7_654_321, 10 ** 10])('are few for %i ms', (ms) => {
    const ticks = ticksOf(ms, 5);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(ticks.length).toBeGreaterThan(0);
  });
});
