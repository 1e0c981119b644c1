import { describe, expect, it } from 'vitest';
import { compareLayers, pairBases, phaseTimes } from '@/lib/build/compare';
import type { StepView } from '@/lib/build/views';

describe('pairBases', () => {
  it('has each name once, with the digest of both builds', () => {
    expect(
      pairBases(
        [
          { reference: 'debian:12', digest: 'sha256:a' },
          { reference: 'uv:1', digest: 'sha256:u' },
        ],
        [
          { reference: 'debian:12', digest: 'sha256:b' },
          { reference: 'mm:1', digest: 'sha256:m' },
        ],
      ),
    ).toEqual([
      { reference: 'debian:12', before: 'sha256:a', after: 'sha256:b' },
      { reference: 'uv:1', before: 'sha256:u', after: null },
      { reference: 'mm:1', before: null, after: 'sha256:m' },
    ]);
  });
});

describe('compareLayers', () => {
  const layer = (digest: string) => ({ digest, sizeBytes: 1, madeBy: null });
  const digests = (layers: readonly { digest: string }[]) =>
    layers.map(({ digest }) => digest).join(' ');

  it('counts a layer as often as it is there', () => {
    const { shared, removed, added } = compareLayers(
      ['a', 'b', 'b', 'c'].map(layer),
      ['a', 'b', 'd', 'd'].map(layer),
    );
    expect(digests(shared)).toBe('a b');
    expect(digests(removed)).toBe('b c');
    expect(digests(added)).toBe('d d');
  });
});

describe('phaseTimes', () => {
  const T = Date.parse('2026-11-27T10:00:00Z');
  const iso = (seconds: number) => new Date(T + seconds * 1000).toISOString();
  const step = (key: string, from: number, to: number): StepView => ({
    key,
    position: 0,
    parents: [],
    stage: '',
    name: key,
    state: 'done',
    cached: false,
    startedAt: iso(from),
    completedAt: iso(to),
    error: null,
    exitCode: null,
    lines: 0,
    clipped: null,
  });
  const build = {
    createdAt: iso(0),
    finishedAt: iso(40),
    attempt: 1,
    attempts: [{ attempt: 1, claimedAt: iso(3) }],
  };

  it('spans what ran at once only once', () => {
    expect(
      phaseTimes(
        { ...build, state: 'published' },
        [step('a', 3, 20), step('b', 4, 30), step('push', 31, 38)],
        T,
      ),
    ).toEqual({
      wait: 3_000,
      step: 27_000,
      push: 7_000,
      verify: 2_000,
      total: 40_000,
    });
  });

  it('has none for what the build did not come to', () => {
    expect(
      phaseTimes({ ...build, state: 'failed' }, [step('a', 3, 20)], T),
    ).toMatchObject({ step: 17_000, push: null, verify: null });
  });
});
