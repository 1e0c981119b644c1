import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatNumber,
  formatRelative,
  shortDigest,
} from '@/components/ui/format';

const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [28_200_000, '28.2 MB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [999_999_999, '1.0 GB'],
    [4.2e15, '4.2 PB'],
    [9.9e18, '9900.0 PB'],
  ])('writes %d as %s', (size, text) => {
    expect(formatBytes(size)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [84, '84 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [9_140, '9.1 s'],
    [59_940, '59.9 s'],
    [59_960, '1 m 0 s'],
    [72 * S, '1 m 12 s'],
    [H - 1, '1 h 0 m'],
    [2 * H + 4 * M + 59 * S, '2 h 4 m'],
    [26 * H, '1 d 2 h'],
    [-5, '0 s'],
  ])('writes %d ms as %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [999, '0 s'],
    [41_900, '41 s'],
    [59_999, '59 s'],
    [72_900, '1 m 12 s'],
  ])('writes a running %d ms in whole seconds as %s', (duration, text) => {
    expect(formatDuration(duration, 0)).toBe(text);
  });
});

describe('formatRelative', () => {
  const now = Date.UTC(2026, 10, 23, 12);
  it.each([
    [0, 'just now'],
    [-4 * S, 'just now'],
    [59 * S, 'just now'],
    [-12 * S, '12 s ago'],
    [-59 * S, '59 s ago'],
    [-M, '1 min ago'],
    [-(2 * H + 59 * M), '2 h ago'],
    [-D, '1 day ago'],
    [-(2 * D), '2 days ago'],
    [-(30 * D), '1 month ago'],
    [-(364 * D), '12 months ago'],
    [-(365 * D), '1 year ago'],
    [-(800 * D), '2 years ago'],
    [3 * M, 'in 3 min'],
    [5 * D, 'in 5 days'],
  ])('writes %d ms from now as %s', (offset, text) => {
    expect(formatRelative(now + offset, now)).toBe(text);
  });
});

describe('formatInstant', () => {
  it('names the second and the zone', () => {
    expect(formatInstant(Date.UTC(2026, 10, 23, 3, 30, 12), 'UTC')).toBe(
      '23 Nov 2026, 03:30:12 UTC',
    );
  });
});

describe('formatNumber and formatCount', () => {
  it('marks thousands', () => {
    expect(formatNumber(2318)).toBe('2,318');
  });
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000+'],
    [1001, '1,000+'],
  ])('counts %d as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});

describe('shortDigest', () => {
  const hex = '9f3c41d2'.padEnd(56, '0') + '8a7fe21b';
  it.each([
    ['a digest', `sha256:${hex}`, 'sha256:9f3c41…7fe21b'],
    ['a sha512 digest', `sha512:${hex}${hex}`, 'sha512:9f3c41…7fe21b'],
    ['a tag', 'latest', 'latest'],
    ['a digest that is too short', 'sha256:9f3c', 'sha256:9f3c'],
    ['nothing', '', ''],
  ])('shortens %s', (_, digest, text) => {
    expect(shortDigest(digest)).toBe(text);
  });
});
