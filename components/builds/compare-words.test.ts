import { describe, expect, it } from 'vitest';
import {
  breakReason,
  pairWords,
  stepsInWords,
  whyNoSteps,
} from '@/components/builds/compare-words';
import type { CacheBreak, StepPair } from '@/lib/build/compare-steps';
import type { BuildView, StepView } from '@/lib/build/views';

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

it('counts the steps that differ, of builds that both came to some', () => {
  const ran = step('RUN a');
  const same = pair(ran, ran);
  expect(stepsInWords([])).toBe('neither build came to any');
  expect(stepsInWords([same])).toBe('none differs');
  expect(stepsInWords([same, pair(null, ran)])).toBe('1 step of 2 differs');
  for (const one of [pair(null, ran), pair(ran, null)])
    expect(stepsInWords([one])).toBe('only one build came to any');
});

describe('whyNoSteps', () => {
  it.each<[BuildView['state'], number, boolean, RegExp]>([
    ['published', 0, true, /in the registry already/],
    ['queued', 0, false, /waits for a worker/],
    ['building', 1, false, /not come to a step yet/],
    ['cancelled', 0, false, /before a worker took it/],
    ['failed', 1, false, /before its first step/],
    ['published', 1, false, /told of no steps/],
  ])('%s in attempt %i', (state, attempt, isReused, words) => {
    const ask = { reused: isReused ? { by: null } : null } as BuildView['ask'];
    expect(whyNoSteps({ state, attempt, ask })).toMatch(words);
  });
});
