import { describe, expect, it } from 'vitest';
import { findCacheBreak, pairSteps } from '@/lib/build/compare-steps';
import type { StepView } from '@/lib/build/views';

const AT = '2026-11-27T10:00:00Z';

/** A step that ran; `key` is made of its text, as an engine does it, unless one is given. */
const step = (name: string, rest: Partial<StepView> = {}): StepView => ({
  key: name,
  position: 0,
  parents: [],
  stage: '',
  name,
  state: 'done',
  cached: false,
  startedAt: AT,
  completedAt: AT,
  error: null,
  exitCode: null,
  lines: 0,
  clipped: null,
  ...rest,
});
const cached = (name: string, rest: Partial<StepView> = {}) =>
  step(name, { cached: true, ...rest });
const digest = (sign: string) => `@sha256:${sign.repeat(64)}`;

/** What each pair says, in order: the texts before and after. */
const texts = (before: StepView[], after: StepView[]) =>
  pairSteps(before, after).map((pair) => [
    pair.before?.name ?? null,
    pair.after?.name ?? null,
  ]);

describe('pairSteps', () => {
  it('pairs by key, whatever the order', () => {
    const a = step('RUN a', { key: '1' });
    const b = step('RUN b', { key: '2' });
    expect(texts([a, b], [b, a])).toEqual([
      ['RUN b', 'RUN b'],
      ['RUN a', 'RUN a'],
    ]);
  });

  it('pairs by stage and text where the keys differ', () => {
    expect(
      texts(
        [
          step('RUN a', { key: '1', stage: 'uv' }),
          step('RUN a', { key: '2', stage: 'mm' }),
        ],
        [
          step('RUN a', { key: '3', stage: 'mm' }),
          step('RUN a', { key: '4', stage: 'nn' }),
        ],
      ),
    ).toEqual([
      ['RUN a', null],
      ['RUN a', 'RUN a'],
      [null, 'RUN a'],
    ]);
  });

  it('pairs a base image with the same one of another digest', () => {
    const [pair] = pairSteps(
      [cached(`FROM debian:12${digest('a')}`)],
      [step(`FROM debian:12${digest('b')}`)],
    );
    expect(pair).toMatchObject({ isOtherText: true });
    expect(pair?.before?.name).toContain('aaa');
  });

  it('pairs the same instruction between the same neighbours', () => {
    const before = [step('FROM x'), step('RUN a'), step('COPY b')];
    const after = [step('FROM x'), step('ENV c'), step('RUN d')];
    expect(texts(before, after)).toEqual([
      ['FROM x', 'FROM x'],
      [null, 'ENV c'],
      ['RUN a', 'RUN d'],
      ['COPY b', null],
    ]);
  });

  it('never pairs one step twice', () => {
    const twice = [step('RUN a', { key: '1' }), step('RUN a', { key: '2' })];
    expect(texts(twice, [step('RUN a', { key: '3' })])).toEqual([
      ['RUN a', 'RUN a'],
      ['RUN a', null],
    ]);
  });

  it('knows the push again under another name', () => {
    const push = (name: string) => step(name, { key: 'push' });
    const [pair, ...rest] = pairSteps([push('push to a')], [push('push to b')]);
    expect(rest).toEqual([]);
    expect(pair?.isOtherText).toBe(false);
  });

  it('says what is newly cached, not what never ran', () => {
    const pairs = pairSteps(
      [step('RUN a'), step('RUN b', { startedAt: null }), cached('RUN c')],
      [cached('RUN a'), cached('RUN b'), cached('RUN c')],
    );
    expect(pairs.map(({ isNewlyCached }) => isNewlyCached)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('findCacheBreak', () => {
  const reasonOf = (before: StepView[], after: StepView[]) =>
    findCacheBreak(pairSteps(before, after))?.reason;

  it('is none where nothing ran that was cached', () => {
    expect(
      findCacheBreak(
        pairSteps(
          [cached('FROM x'), step('RUN a')],
          [cached('FROM x'), step('RUN a'), step('RUN new')],
        ),
      ),
    ).toBeNull();
  });

  it('is the first in order, with its place', () => {
    const broken = findCacheBreak(
      pairSteps(
        [cached('FROM x'), cached('RUN a'), cached('RUN b')],
        [cached('FROM x'), step('RUN A'), step('RUN b')],
      ),
    );
    expect(broken).toMatchObject({ place: 2, reason: { kind: 'text' } });
    expect(broken?.pair.after?.name).toBe('RUN A');
  });

  it('leaves out a step that never began', () => {
    expect(
      reasonOf([cached('RUN a')], [step('RUN a', { startedAt: null })]),
    ).toBeUndefined();
  });

  it('names the input that is new', () => {
    expect(
      reasonOf(
        [cached('FROM x'), cached('RUN b', { parents: ['FROM x'] })],
        [
          cached('FROM x'),
          step('ENV new', { parents: ['FROM x'] }),
          step('RUN b', { key: '2', parents: ['ENV new'] }),
        ],
      ),
    ).toEqual({ kind: 'input', change: 'added', name: 'ENV new' });
  });

  it('names the input that says something else, also from further up', () => {
    expect(
      reasonOf(
        [
          step('RUN a'),
          cached('ENV m', { parents: ['RUN a'] }),
          cached('RUN b', { parents: ['ENV m'] }),
        ],
        [
          step('RUN A'),
          cached('ENV m', { parents: ['RUN A'] }),
          step('RUN b', { parents: ['ENV m'] }),
        ],
      ),
    ).toEqual({ kind: 'input', change: 'text', name: 'RUN A' });
  });

  it('names the input that was taken out', () => {
    expect(
      reasonOf(
        [
          cached('FROM x'),
          cached('ENV gone', { parents: ['FROM x'] }),
          cached('RUN b', { parents: ['ENV gone'] }),
        ],
        [cached('FROM x'), step('RUN b', { parents: ['FROM x'] })],
      ),
    ).toEqual({ kind: 'input', change: 'removed', name: 'ENV gone' });
  });

  it('names the input that ran, where all say the same', () => {
    expect(
      reasonOf(
        [step('COPY . /'), cached('RUN b', { parents: ['COPY . /'] })],
        [step('COPY . /'), step('RUN b', { parents: ['COPY . /'] })],
      ),
    ).toEqual({ kind: 'input', change: 'ran', name: 'COPY . /' });
  });

  it('does not guess where nothing differs', () => {
    expect(reasonOf([cached('COPY . /')], [step('COPY . /')])).toEqual({
      kind: 'unknown',
    });
  });

  it('ends also where steps stand on each other in a ring', () => {
    const ring = (made: typeof step) => [
      made('RUN a', { parents: ['RUN b'] }),
      made('RUN b', { parents: ['RUN a'] }),
    ];
    expect(reasonOf(ring(cached), ring(step))).toEqual({
      kind: 'input',
      change: 'ran',
      name: 'RUN b',
    });
  });
});
