import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BuildLog } from '@/components/builds/build-log';
import { LogReader, type ReadLines } from '@/components/builds/log-reader';
import { lineOf, stepOf } from '@/components/builds/testing/log-fixtures';
import type { LineView } from '@/lib/build/views';

type Query = Parameters<ReadLines>[0];

/** A finished log of these lines, read from a server that answers as ours does. */
function finishedLog(all: readonly LineView[]) {
  const queries: Query[] = [];
  const keys = [...new Set(all.map((line) => line.step))];
  const count = (step: string) =>
    all.filter((line) => line.step === step).length;
  const log = new BuildLog({
    attempt: 1,
    steps: keys.map((key) => stepOf({ key, lines: count(key) })),
    isLive: false,
  });
  let isDown = false;
  const reader = new LogReader(log, (query) => {
    queries.push(query);
    if (isDown) return Promise.reject(new Error('away'));
    const lines = all
      .filter((line) => line.step === query.step)
      .slice(query.from - 1, query.from - 1 + query.limit);
    return Promise.resolve({
      attempt: query.attempt,
      lines,
      total: count(query.step),
    });
  });
  return {
    log,
    reader,
    queries,
    setDown: (value: boolean) => (isDown = value),
    shown: (step: string, first: number, last: number) =>
      Array.from(
        { length: last - first + 1 },
        (_, index) => log.linesOf(step).line(first + index)?.n,
      ),
  };
}

function numbers(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

const lone = (count: number, before = 0) => [
  ...numbers(1, before).map((n) => lineOf(n, 'before')),
  ...numbers(before + 1, count).map((n) => lineOf(n, 'a')),
];

describe('LogReader', () => {
  it('reads a short step with one request', async () => {
    const { reader, queries, shown } = finishedLog(lone(20, 5));
    await reader.want('a', 0, 19);
    expect(shown('a', 0, 19)).toEqual(numbers(6, 20));
    expect(queries).toHaveLength(1);
  });

  it('asks for nothing twice', async () => {
    const { reader, queries } = finishedLog(lone(20));
    await Promise.all([reader.want('a', 0, 19), reader.want('a', 0, 5)]);
    await reader.want('a', 3, 19);
    expect(queries).toHaveLength(1);
  });

  it('asks for nothing when the step printed nothing', async () => {
    const { reader, queries } = finishedLog(lone(20));
    await reader.want('silent', 0, 100);
    expect(queries).toHaveLength(0);
  });

  it('reaches the end of a long step without reading what lies between', async () => {
    const { reader, queries, shown } = finishedLog(lone(40_000, 17));
    await reader.want('a', 39_980, 39_999);
    expect(shown('a', 39_980, 39_999)).toEqual(numbers(39_998, 20));
    expect(queries.map(({ from }) => from)).toEqual([39_501]);
  });

  it('says what went wrong and goes on when asked to', async () => {
    const { reader, setDown, shown } = finishedLog(lone(20));
    setDown(true);
    await reader.want('a', 0, 19);
    expect(reader.failureOf('a')).toEqual(new Error('away'));
    setDown(false);
    reader.retry('a');
    await reader.want('a', 0, 19);
    expect(reader.failureOf('a')).toBeUndefined();
    expect(shown('a', 0, 19)).toEqual(numbers(1, 20));
  });

  it('gives lines of a step as they are asked for, or says why not', async () => {
    const { reader, setDown } = finishedLog(lone(1200, 3));
    setDown(true);
    await expect(reader.range('a', 0, 1199)).rejects.toThrow('away');
    setDown(false);
    const lines = await reader.range('a', 0, 1199);
    expect(lines.map((line) => line.n)).toEqual(numbers(4, 1200));
  });

  it('does not take an answer that is too short for the end', async () => {
    const log = new BuildLog({
      attempt: 1,
      steps: [stepOf({ key: 'a', lines: 10 })],
      isLive: false,
    });
    const reader = new LogReader(log, () =>
      Promise.resolve({ attempt: 1, lines: [lineOf(1, 'a')], total: 10 }),
    );
    await reader.want('a', 0, 9);
    expect(reader.failureOf('a')).toBeInstanceOf(RangeError);
  });

  it('completes the page at which a stream broke off', async () => {
    const all = lone(30);
    const { log, reader, shown } = finishedLog(all);
    log.append(all.slice(0, 12), 12);
    await reader.want('a', 0, 29);
    expect(shown('a', 0, 29)).toEqual(numbers(1, 30));
  });

  it('shows the right line wherever somebody looks', async () => {
    const runs = fc.array(
      fc.record({
        step: fc.constantFrom('a', 'b'),
        count: fc.integer({ min: 1, max: 900 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const looks = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(runs, looks, async (parts, places) => {
        const steps = parts.flatMap(({ step, count }) =>
          Array.from({ length: count }, () => step),
        );
        const all = steps.map((step, index) => lineOf(index + 1, step));
        const { reader, shown } = finishedLog(all);
        for (const place of places) {
          for (const step of new Set(steps)) {
            const own = all.filter((line) => line.step === step);
            const first = Math.floor(place * (own.length - 1));
            const last = Math.min(first + 40, own.length - 1);
            await reader.want(step, first, last);
            expect(shown(step, first, last)).toEqual(
              own.slice(first, last + 1).map((line) => line.n),
            );
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
