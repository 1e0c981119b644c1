import { describe, expect, it } from 'vitest';
import { nextLink } from './link';
import { backoffMs, retryAfterMs } from './retry';

describe('retryAfterMs', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['30', 30_000],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['soon', null],
    ['99999999999', null],
    ['', null],
    [undefined, null],
  ])('reads %j as %s ms', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});

describe('backoffMs', () => {
  it('doubles up to a cap, and is anything below that', () => {
    expect([0, 1, 2, 10].map((attempt) => backoffMs(attempt, 0.999))).toEqual([
      499, 999, 1998, 29_970,
    ]);
    expect(backoffMs(3, 0)).toBe(0);
  });
});

describe('nextLink', () => {
  const page = new URL('https://registry.example.com/v2/a/tags/list');
  it.each([
    [
      ['</v2/a/tags/list?n=3&last=b>; rel="next"'],
      'https://registry.example.com/v2/a/tags/list?n=3&last=b',
    ],
    [
      ['<https://registry.example.com/x>; rel=next'],
      'https://registry.example.com/x',
    ],
    [
      ['</prev>; rel="prev", </next>; rel="next"'],
      'https://registry.example.com/next',
    ],
    [
      ['</prev>; rel="prev"', '</next>; title="a, b"; rel="next"'],
      'https://registry.example.com/next',
    ],
    [['</prev>; rel="prev"'], undefined],
    [['nonsense'], undefined],
    [['<https://>; rel="next"'], undefined],
    [[], undefined],
  ])('reads %j', (lines, expected) => {
    expect(nextLink(lines, page)?.href).toBe(expected);
  });
});
