import { describe, expect, it } from 'vitest';
import type { LimitView } from '@/lib/registry/views';
import { leftOf, sayLimits } from './limit-words';

const limit = (said: Partial<LimitView> = {}): LimitView => ({
  identity: 'anonymous',
  limit: 100,
  remaining: 76,
  windowSeconds: 21_600,
  source: '192.0.2.7',
  pausedUntil: null,
  seenAt: '2026-11-01T00:00:00.000Z',
  ...said,
});
const uncounted = limit({ limit: null, remaining: null, source: null });

describe('leftOf', () => {
  it.each([
    [limit(), '76 of 100 pulls left in 6 h'],
    [limit({ windowSeconds: null }), '76 of 100 pulls left'],
    [limit({ remaining: 0 }), '0 of 100 pulls left in 6 h'],
    [uncounted, 'no limit'],
  ])('%#', (view, words) => {
    expect(leftOf(view)).toBe(words);
  });
});

describe('sayLimits', () => {
  it('says what is left for each identity', () => {
    const views = [limit(), { ...uncounted, identity: 'stored_pull' as const }];
    expect(sayLimits('docker.io', views)).toEqual({
      isCounting: true,
      left: [
        'Anyone: 76 of 100 pulls left in 6 h, counted for 192.0.2.7',
        'Stored pull credential: no limit',
      ],
      pausedUntil: null,
    });
  });

  it('says of Docker Hub that it counts before anything was asked', () => {
    expect(sayLimits('docker.io', [])).toEqual({
      isCounting: true,
      left: [],
      pausedUntil: null,
    });
  });

  it('says until when any host refuses, the last of several', () => {
    const paused = (pausedUntil: string) => ({ ...uncounted, pausedUntil });
    expect(
      sayLimits('quay.io', [
        paused('2026-11-01T02:00:00.000Z'),
        paused('2026-11-01T01:00:00.000Z'),
      ]),
    ).toEqual({
      isCounting: false,
      left: [],
      pausedUntil: '2026-11-01T02:00:00.000Z',
    });
  });

  it.each([
    ['ghcr.io', []],
    ['docker.io', [uncounted]],
  ])('says nothing of %s where nothing is counted', (host, views) => {
    expect(sayLimits(host, views)).toBeNull();
  });
});
