import { describe, expect, it } from 'vitest';
import { formatAnchor, parseAnchor } from '@/components/builds/log-anchor';

describe('a link into a log', () => {
  it.each([
    ['#L123', { attempt: null, first: 123, last: 123 }],
    ['#L10-L20', { attempt: null, first: 10, last: 20 }],
    ['#A2-L7', { attempt: 2, first: 7, last: 7 }],
    ['#S3', { attempt: null, step: 3 }],
    ['#A1-S3', { attempt: 1, step: 3 }],
  ])('%s reads as it is written', (hash, anchor) => {
    expect(parseAnchor(hash)).toEqual(anchor);
    expect(formatAnchor(anchor)).toBe(hash);
  });

  it('may name its ends the other way round', () => {
    expect(parseAnchor('#L20-L10')).toMatchObject({ first: 10, last: 20 });
  });

  it.each(['', '#', '#L', '#L1x', '#timeline', '#L1-S2', 'L1'])(
    '%j points at nothing',
    (hash) => {
      expect(parseAnchor(hash)).toBeNull();
    },
  );
});
