import { expect, it } from 'vitest';
import {
  barWords,
  cacheWords,
  outcomeWords,
  ranMs,
} from '@/components/builds/bar-words';
import type { BuildItemView } from '@/lib/build/views';

const build = {
  number: 12,
  spec: { id: 's', name: 'etl' },
  state: 'timed_out',
  startedAt: '2026-11-27T10:00:00Z',
  finishedAt: '2026-11-27T10:01:12Z',
  cache: { cached: 1, total: 11 },
  sizeBytes: null,
} as BuildItemView;

it('says everything a bar shows', () => {
  expect(barWords(build)).toBe(
    '#12 of etl: timed out, ran 1 m 12 s, 1 of 11 steps from the cache',
  );
  expect(
    barWords({ ...build, state: 'published', sizeBytes: 28_200_000 }),
  ).toMatch(/published.*28\.2 MB$/);
});

it('says nothing of what is not known', () => {
  expect(
    barWords({
      ...build,
      state: 'queued',
      startedAt: null,
      finishedAt: null,
      cache: { cached: 0, total: 0 },
    }),
  ).toBe('#12 of etl: queued');
});

it('has no length for a build that runs', () => {
  expect(ranMs(build)).toBe(72_000);
  expect(ranMs({ ...build, finishedAt: null })).toBeNull();
});

it('counts outcomes by what people ask for', () => {
  expect(
    outcomeWords(
      (['lost', 'failed', 'building', 'published'] as const).map((state) => ({
        state,
      })),
    ),
  ).toBe('1 published, 2 failed, 1 under way');
  expect(outcomeWords([])).toBe('');
});

it('says a share in whole percent', () => {
  expect(cacheWords({ cached: 5, total: 11 })).toBe('45 % cached');
  expect(cacheWords({ cached: 0, total: 0 })).toBeNull();
});
