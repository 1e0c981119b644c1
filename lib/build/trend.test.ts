import { describe, expect, it } from 'vitest';
import { barHeights, cachedShare, median, sumOfCache } from '@/lib/build/trend';

describe('barHeights', () => {
  it('measures each against the largest', () => {
    expect(barHeights([10, 40, 20])).toEqual([0.25, 1, 0.5]);
  });

  it('measures each against what would be full, where that is known', () => {
    expect(barHeights([0.5, 0.25], 1)).toEqual([0.5, 0.25]);
  });

  it('keeps what is next to nothing in sight, and nothing apart from it', () => {
    expect(barHeights([0, null, 1_000, 1])).toEqual([0.06, null, 1, 0.06]);
  });

  it('takes a row without a value', () => {
    expect(barHeights([])).toEqual([]);
    expect(barHeights([null])).toEqual([null]);
    expect(barHeights([0, 0])).toEqual([0.06, 0.06]);
  });
});

describe('median', () => {
  it.each([
    [[], null],
    [[null], null],
    [[7], 7],
    [[9, null, 1, 5], 5],
    [[4, 1, 2, 100], 3],
  ])('of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('the cached share', () => {
  it('is of all steps', () => {
    expect(cachedShare({ cached: 3, total: 4 })).toBe(0.75);
    expect(cachedShare({ cached: 0, total: 0 })).toBeNull();
  });

  it('of several builds weighs each by its steps', () => {
    expect(
      sumOfCache([
        { cached: 1, total: 1 },
        { cached: 0, total: 9 },
      ]),
    ).toEqual({ cached: 1, total: 10 });
    expect(sumOfCache([])).toEqual({ cached: 0, total: 0 });
  });
});
