import { describe, expect, it } from 'vitest';
import { longestChain } from '@/lib/build/critical-path';

const step = (key: string, ms: number, ...parents: string[]) => ({
  key,
  ms,
  parents,
});

describe('longestChain', () => {
  it.each([
    ['nothing', [], [], 0],
    ['one step', [step('a', 5)], ['a'], 5],
    [
      'the longer of two branches',
      [step('a', 1), step('b', 9), step('c', 2), step('d', 1, 'a', 'b', 'c')],
      ['b', 'd'],
      10,
    ],
    [
      'many short steps before one long one',
      [
        step('a', 4),
        step('b', 4, 'a'),
        step('c', 4, 'b'),
        step('long', 10),
        step('end', 1, 'c', 'long'),
      ],
      ['a', 'b', 'c', 'end'],
      13,
    ],
    [
      'a chain that no other step waits for',
      [step('a', 1), step('b', 1, 'a'), step('alone', 50)],
      ['alone'],
      50,
    ],
    ['parents that are not there', [step('a', 3, 'gone')], ['a'], 3],
    [
      'a circle',
      [step('a', 2, 'b'), step('b', 3, 'a'), step('c', 1, 'a')],
      ['c', 'a', 'b'],
      6,
    ],
  ])('of %s', (_name, steps, keys, ms) => {
    const chain = longestChain(steps);
    expect([...chain.keys].sort()).toEqual([...keys].sort());
    expect(chain.ms).toBe(ms);
  });

  it('takes a long line of steps', () => {
    const steps = Array.from({ length: 3_000 }, (_, index) =>
      step(`s${index}`, 1, `s${index - 1}`),
    );
    expect(longestChain(steps).ms).toBe(3_000);
    expect(longestChain(steps.toReversed()).ms).toBe(3_000);
  });
});
