import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogLimit } from '@/worker/log-limit';

type Line = { step: string; bytes: number; n: number };

function send(lines: Line[], total: number, maxTail = Infinity) {
  const limit = new LogLimit<Line>(total, maxTail);
  const head: Line[] = [];
  const dropped: string[] = [];
  for (const line of lines) {
    const answer = limit.add(line);
    if (answer.passes) head.push(line);
    dropped.push(...answer.dropped);
  }
  return { head, dropped, tail: limit.drain() };
}

const lines = (count: number, step = 'a', bytes = 10) =>
  Array.from({ length: count }, (_, n) => ({ step, bytes, n }));
const numbers = (of: Line[]) => of.map(({ n }) => n);

describe('LogLimit', () => {
  it('lets a log within the limit through', () => {
    expect(send(lines(7), 100)).toMatchObject({ dropped: [], tail: [] });
  });

  it('loses nothing of a log that just fits', () => {
    const { head, tail, dropped } = send(lines(9), 100);
    expect([...numbers(head), ...numbers(tail)]).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(dropped).toEqual([]);
  });

  it('keeps three quarters at the head and one at the tail', () => {
    const { head, tail, dropped } = send(lines(100), 400);
    expect(numbers(head)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(numbers(tail)).toEqual(Array.from({ length: 10 }, (_, n) => n + 90));
    expect(dropped).toEqual(['a']);
  });

  it('names only the steps that really lost something', () => {
    const { dropped } = send(
      [...lines(40, 'a'), ...lines(40, 'b'), ...lines(2, 'c')],
      400,
    );
    expect(dropped).toEqual(['a', 'b']);
  });

  it('keeps no more of the tail in memory than asked', () => {
    const { tail } = send(lines(1000), 4000, 50);
    expect(tail).toHaveLength(5);
  });

  it('lets nothing pass once something did not fit, so that there is one gap', () => {
    const big = { step: 'a', bytes: 80, n: 1 };
    const { head, tail } = send([...lines(1), big, ...lines(3)], 100);
    expect(head).toHaveLength(1);
    expect(numbers(tail)).toEqual([1, 2]);
  });

  it('never keeps more than the limit, and always the first and last lines that fit', () => {
    const line = fc.record({
      step: fc.constantFrom('a', 'b'),
      bytes: fc.integer({ min: 1, max: 60 }),
      n: fc.nat(),
    });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 3000 }),
        fc.integer({ min: 0, max: 2000 }),
        (all, total) => {
          const { head, tail, dropped } = send(all, total);
          const kept = [...head, ...tail];
          expect(
            kept.reduce((sum, each) => sum + each.bytes, 0),
          ).toBeLessThanOrEqual(total);
          expect(head).toEqual(all.slice(0, head.length));
          expect(tail).toEqual(all.slice(all.length - tail.length));
          const lost = all.slice(head.length, all.length - tail.length);
          expect(new Set(dropped)).toEqual(
            new Set(lost.map(({ step }) => step)),
          );
        },
      ),
    );
  });
});
