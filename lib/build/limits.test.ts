import { describe, expect, it } from 'vitest';
import { describeMinutes, OwnLimits, resolveLimits } from './limits';

describe('resolveLimits', () => {
  it.each([
    [[], { totalMinutes: 120, idleMinutes: 30 }],
    [
      [
        { totalMinutes: null, idleMinutes: 5 },
        { totalMinutes: 60, idleMinutes: 10 },
      ],
      { totalMinutes: 60, idleMinutes: 5 },
    ],
  ])('takes the nearest of %j', (own, limits) => {
    expect(resolveLimits(...own)).toEqual(limits);
  });
});

it.each([
  [1, '1 min'],
  [120, '2 h'],
  [150, '2 h 30 min'],
])('says %i minutes as %s', (minutes, words) => {
  expect(describeMinutes(minutes)).toBe(words);
});

describe('OwnLimits', () => {
  it('takes nothing typed as the limit above', () => {
    expect(OwnLimits.parse({ totalMinutes: '', idleMinutes: '7' })).toEqual({
      totalMinutes: null,
      idleMinutes: 7,
    });
  });

  it.each([
    { totalMinutes: '0', idleMinutes: '' },
    { totalMinutes: '1441', idleMinutes: '' },
    { totalMinutes: 'long', idleMinutes: '' },
    { totalMinutes: '10', idleMinutes: '11' },
  ])('refuses %j', (typed) => {
    expect(OwnLimits.safeParse(typed).success).toBe(false);
  });
});
