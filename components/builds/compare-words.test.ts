import { describe, expect, it } from 'vitest';
import { breakReason, pairWords } from '@/components/builds/compare-words';
import type { CacheBreak, StepPair } from '@/lib/build/compare-steps';
import type { StepView } from '@/lib/build/views';

const step = (name: string, cached = false) =>
  ({ name, cached, startedAt: '2026-11-27T10:00:00Z' }) as StepView;
const pair = (
  before: StepView | null,
  after: StepView | null,
  rest: Partial<StepPair> = {},
): StepPair => ({
  before,
  after,
  isOtherText: false,
  isNewlyCached: false,
  ...rest,
});
const broken = (name: string, reason: CacheBreak['reason']): CacheBreak => ({
  pair: pair(step(name, true), step(name)),
  place: 1,
  reason,
});

describe('breakReason', () => {
  it.each<[CacheBreak, RegExp]>([
    [broken('RUN a', { kind: 'text' }), /^Its text is another one\.$/],
    [broken('FROM a', { kind: 'text' }), /^The base image is another one\.$/],
    [broken('COPY a b', { kind: 'unknown' }), /the files it copies differ/],
    [broken('RUN a', { kind: 'unknown' }), /no longer had it/],
    [
      broken('RUN a', { kind: 'input', change: 'added', name: 'ENV b\nc' }),
      /^It builds on ENV b …, which is new\.$/,
    ],
  ])('%#', (given, words) => {
    expect(breakReason(given, false)).toMatch(words);
    expect(breakReason(given, true)).toMatch(/no cache/);
  });
});

it('says how a step differs', () => {
  const [ran, cached] = [step('RUN a'), step('RUN a', true)];
  expect(pairWords(pair(null, ran))?.text).toBe('added');
  expect(pairWords(pair(ran, null))?.text).toBe('removed');
  expect(pairWords(pair(ran, ran, { isOtherText: true }))?.text).toBe(
    'other text',
  );
  expect(pairWords(pair(ran, cached, { isNewlyCached: true }))?.text).toBe(
    'newly cached',
  );
  expect(pairWords(pair(cached, ran))?.text).toBe('ran again');
  expect(pairWords(pair(cached, cached))).toBeNull();
  expect(pairWords(pair(ran, ran))).toBeNull();
});
