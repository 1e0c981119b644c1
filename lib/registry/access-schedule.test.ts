import { describe, expect, it } from 'vitest';
import { ACCESS_VERDICTS } from './access';
import { type LastLook, nextLookMs } from './access-schedule';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const look = (more: Partial<LastLook> = {}): LastLook => ({
  verdict: 'public',
  isPinned: false,
  unchanged: 0,
  retryAtMs: null,
  ...more,
});

describe('nextLookMs', () => {
  it.each<[string, Partial<LastLook>, number]>([
    ['a public tag', {}, 15 * MINUTE],
    ['a public digest', { isPinned: true }, HOUR],
    [
      'a refusal that somebody may be mending',
      { verdict: 'private_or_missing' },
      2 * MINUTE,
    ],
    ['a host that does not answer', { verdict: 'unreachable' }, MINUTE / 2],
    ['the same answer three times over', { unchanged: 3 }, 2 * HOUR],
    ['the same answer for days', { unchanged: 500 }, 4 * HOUR],
    [
      'a digest unchanged for days',
      { isPinned: true, unchanged: 500 },
      4 * HOUR,
    ],
  ])('%s', (_, more, expected) => {
    expect(nextLookMs(look(more), 0, 0.5)).toBe(expected);
  });

  it('spreads by a fifth to either side', () => {
    expect(nextLookMs(look(), 0, 0)).toBe(12 * MINUTE);
    expect(nextLookMs(look(), 0, 1)).toBe(18 * MINUTE);
  });

  it('waits out a limit, not all to the same moment', () => {
    const limited = look({ verdict: 'rate_limited', retryAtMs: 6 * HOUR });
    expect(nextLookMs(limited, 0, 0)).toBe(6 * HOUR);
    expect(nextLookMs(limited, 0, 0.9)).toBeGreaterThan(6 * HOUR);
  });

  it.each(ACCESS_VERDICTS)(
    'comes back to %s within a day or so, and not at once',
    (verdict) => {
      for (const unchanged of [0, 1, 5, 100]) {
        const ms = nextLookMs(look({ verdict, unchanged }), 0, 0.5);
        expect(ms).toBeGreaterThanOrEqual(MINUTE / 2);
        expect(ms).toBeLessThanOrEqual(24 * HOUR);
      }
    },
  );
});
