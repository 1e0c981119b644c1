import { describe, expect, it } from 'vitest';
import {
  choosePlatforms,
  isOneEach,
  pairPlatforms,
} from '@/lib/build/compare-platforms';

const [AMD, ARM, V7] = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'] as const;
const several = (...platforms: string[]) => platforms.join();
const choose = (before: string, after: string, asked?: string) =>
  choosePlatforms(pairPlatforms(before, after), asked);

it('tells the platforms of both from those of only one, however they are spelt', () => {
  expect(
    pairPlatforms(several(AMD, ARM), several('linux/aarch64', V7)),
  ).toEqual({ both: [ARM], onlyBefore: [AMD], onlyAfter: ['linux/arm'] });
});

describe('the platform two builds are compared on', () => {
  const both = several(AMD, ARM);
  it.each<[string, string, string | undefined, string]>([
    [both, both, undefined, AMD],
    [both, both, ARM, ARM],
    [both, both, 'linux/s390x', AMD],
    [both, several(ARM, V7), AMD, ARM],
    [ARM, both, undefined, ARM],
    [both, ARM, AMD, ARM],
    [AMD, AMD, ARM, AMD],
  ])('of %s and %s, asked for %s, is %s', (before, after, asked, platform) => {
    expect(choose(before, after, asked)).toEqual({
      before: platform,
      after: platform,
    });
  });

  it('is none where they share none and one of them leaves a choice', () => {
    expect(choose(both, V7)).toBeNull();
    expect(choose(V7, both, AMD)).toBeNull();
  });

  it('is the own one of each where both have one', () => {
    expect(choose(AMD, ARM)).toEqual({ before: AMD, after: ARM });
    expect(isOneEach(pairPlatforms(AMD, ARM))).toBe(true);
    expect(isOneEach(pairPlatforms(AMD, AMD))).toBe(true);
    expect(isOneEach(pairPlatforms(AMD, both))).toBe(false);
  });
});
