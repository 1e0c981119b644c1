import { describe, expect, it } from 'vitest';
import { isQuotaLow, readQuota } from './quota';

describe('readQuota', () => {
  it.each([
    [
      'Docker Hub’s',
      '100;w=21600',
      '76;w=21600',
      '192.0.2.7',
      { limit: 100, remaining: 76, windowSeconds: 21_600, source: '192.0.2.7' },
    ],
    [
      'without a window',
      '100',
      '0',
      undefined,
      { limit: 100, remaining: 0, windowSeconds: null, source: null },
    ],
    [
      'a source that is no word',
      '100',
      '1',
      'a b',
      { limit: 100, remaining: 1, windowSeconds: null, source: null },
    ],
    ['absent', undefined, undefined, undefined, null],
    ['half of it', '100;w=21600', undefined, undefined, null],
    ['no number', 'many', 'few', undefined, null],
    ['negative', '100', '-1', undefined, null],
  ])('%s', (_, limit, remaining, source, expected) => {
    expect(readQuota({ limit, remaining, source })).toEqual(expected);
  });

  it.each([
    [10, true],
    [11, false],
    [0, true],
  ])('with %i of 100 left is low: %s', (remaining, isLow) => {
    const quota = { limit: 100, remaining, windowSeconds: null, source: null };
    expect(isQuotaLow(quota)).toBe(isLow);
  });
});
