import { describe, expect, it } from 'vitest';
import {
  asSentence,
  attemptLabel,
  buildTimes,
  buildTitle,
  cacheSummary,
  describeLog,
  failedStep,
  firstLine,
  isOpenAtFirst,
  ordinal,
  remedyOf,
  stateDetail,
} from '@/components/builds/labels';
import { stepOf } from '@/components/builds/testing/log-fixtures';
import { BUILD_STATES, type BuildState } from '@/lib/build/state';
import type { AttemptView, BuildFailureView } from '@/lib/build/views';

const failure: BuildFailureView = {
  code: 'BUILD_COMMAND_FAILED',
  message: 'A command failed with exit code 1.',
  hint: 'Read on.',
  step: 'b',
  exitCode: 1,
};
const steps = [
  stepOf({ key: 'a', cached: true }),
  stepOf({ key: 'b', position: 1, state: 'failed' }),
  stepOf({ key: 'c', position: 2, state: 'queued' }),
];
const attempt: AttemptView = {
  attempt: 1,
  worker: 'build-1',
  claimedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
  outcome: null,
  lines: 2318,
  madeWith: null,
  log: 'complete',
  removal: null,
};

describe('buildTitle', () => {
  it.each(BUILD_STATES)('names the build and that it is %s', (state) => {
    const title = buildTitle({
      spec: { name: '$& etl' },
      number: 12,
      state,
      platform: 'linux/arm64',
      partOf: null,
    });
    expect(title).toMatch(/^[◷●✓◼✕] \$& etl #12 [a-z ]+$/);
  });

  it('names the platform of a part', () => {
    const title = buildTitle({
      spec: { name: 'etl' },
      number: 12,
      state: 'failed',
      platform: 'linux/arm64',
      partOf: { id: 'y', number: 12 },
    });
    expect(title).toContain('linux/arm64 of etl #12');
  });
});

describe('stateDetail', () => {
  it.each<[BuildState, BuildFailureView | null, string | undefined]>([
    ['failed', failure, 'Failed at step 2 of 3'],
    ['failed', { ...failure, step: 'c' }, 'Failed at step 3 of 3'],
    ['failed', { ...failure, step: null }, 'Failed at step 2 of 3'],
    ['timed_out', failure, 'Timed out at step 2 of 3'],
    ['lost', failure, undefined],
    ['published', null, undefined],
    ['building', null, undefined],
  ])('of %s with %j is %s', (state, failed, text) => {
    expect(stateDetail({ state, failure: failed }, steps)).toBe(text);
  });

  it('names no step where none failed', () => {
    expect(
      stateDetail({ state: 'failed', failure: { ...failure, step: null } }, []),
    ).toBeUndefined();
  });
});

describe('failedStep', () => {
  it('is none in a build that did not fail', () => {
    expect(failedStep({ failure: null }, [stepOf({ key: 'a' })])).toBe(
      undefined,
    );
  });
});

describe('describeLog', () => {
  it('calls complete only what the server calls so', () => {
    const logs: AttemptView['log'][] = [
      'live',
      'clipped',
      'incomplete',
      'removed',
    ];
    for (const log of logs)
      expect(describeLog({ ...attempt, log }, steps, 7).text).not.toMatch(
        /^Complete/,
      );
    expect(describeLog(attempt, steps, 7)).toEqual({
      text: 'Complete log · 2,318 lines',
      tone: 'good',
      missing: [],
    });
  });

  it('counts the lines that have come while the log grows', () => {
    const growing = { ...attempt, lines: 1, log: 'live' as const };
    expect(describeLog(growing, steps, 0).text).toBe('Log so far · 1 line');
    expect(describeLog(growing, steps, 7).text).toBe('Log so far · 7 lines');
  });

  it('says when it was removed, and by which limit', () => {
    const at = '2026-11-27T23:59:59.000Z';
    const removed = (
      limit: { by: 'age'; days: number } | { by: 'size'; gigabytes: number },
    ) =>
      describeLog(
        { ...attempt, log: 'removed', removal: { version: 1, at, ...limit } },
        steps,
        0,
      ).missing;
    expect(removed({ by: 'age', days: 1 })).toEqual([
      'The log was removed on 2026-11-27 (kept 1 day); the facts stay.',
    ]);
    expect(removed({ by: 'size', gigabytes: 5 })).toEqual([
      'The log was removed on 2026-11-27 (all logs together were past 5 GB); the facts stay.',
    ]);
  });

  it('says where and by whom it was clipped', () => {
    const clipped = stepOf({
      key: 'b',
      name: 'RUN make\nmake install',
      clipped: 'the engine dropped output past 2 MiB.',
    });
    const summary = describeLog(
      { ...attempt, log: 'clipped' },
      [stepOf({ key: 'a' }), clipped],
      0,
    );
    expect(summary.missing).toEqual([
      'Step 2 of 2, RUN make …: the engine dropped output past 2 MiB.',
    ]);
  });

  it.each([
    ['lost' as const, /went away/],
    ['failed' as const, /not all/],
  ])('says why a log of a %s attempt is incomplete', (outcome, words) => {
    const { missing } = describeLog(
      { ...attempt, log: 'incomplete', outcome },
      steps,
      0,
    );
    expect(missing.join()).toMatch(words);
  });
});

describe('attemptLabel', () => {
  it.each([
    [null, 'Attempt 1: running'],
    ['lost' as const, 'Attempt 1: worker went away'],
    ['timed_out' as const, 'Attempt 1: timed out'],
  ])('of %s', (outcome, text) => {
    expect(attemptLabel({ ...attempt, outcome })).toBe(text);
  });
});

describe('buildTimes', () => {
  const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
  it.each([
    ['waits', null, null, [at(0), null], null],
    ['was cancelled while it waited', null, at(2), [at(0), at(2)], null],
    ['runs', at(1), null, [at(0), at(1)], [at(1), null]],
    ['has ended', at(1), at(3), [at(0), at(1)], [at(1), at(3)]],
  ])('of a build that %s', (_, startedAt, finishedAt, waited, ran) => {
    const times = buildTimes({ createdAt: at(0), startedAt, finishedAt });
    expect([times.waited.from, times.waited.to]).toEqual(waited);
    expect(times.ran && [times.ran.from, times.ran.to]).toEqual(ran);
  });
});

describe('cacheSummary', () => {
  it('counts cached steps of all', () => {
    expect(cacheSummary(steps)).toBe('1 of 3 steps');
    expect(cacheSummary([])).toBeNull();
  });
});

describe('isOpenAtFirst', () => {
  it.each([
    ['failed', 'failed', null, true],
    ['running', 'building', null, true],
    ['running', 'lost', null, false],
    ['done', 'building', null, false],
    ['cancelled', 'timed_out', { ...failure, step: 'a' }, true],
    ['queued', 'failed', null, false],
    ['cancelled', 'cancelled', null, false],
  ] as const)('a %s step of a build that is %s', (state, build, fail, is) => {
    const step = stepOf({ key: 'a', state });
    expect(isOpenAtFirst(step, { state: build, failure: fail })).toBe(is);
  });

  it('a step that was stopped while it ran', () => {
    const step = stepOf({
      key: 'a',
      state: 'cancelled',
      startedAt: '2026-01-01T00:00:00Z',
    });
    expect(isOpenAtFirst(step, { state: 'cancelled', failure: null })).toBe(
      true,
    );
  });
});

describe('remedyOf', () => {
  it.each([
    ['BUILD_APT_NOT_FOUND', '/specs/x'],
    ['BUILD_TIMED_OUT', '/specs/x'],
    ['BUILD_PUSH_DENIED', '/registries'],
    ['WORKER_LOST', '/workers'],
    ['BUILD_CERTIFICATE_UNTRUSTED', '/workers'],
    ['BUILD_SERVER_DENIED', '/secrets'],
  ] as const)('of %s is %s', (code, href) => {
    const spec = { id: 'x', name: 'x' };
    expect(remedyOf({ spec, failureSource: null }, code).href).toBe(href);
  });

  it('of a failure that comes from a field is that field', () => {
    const failureSource = { field: 'apt_packages', entry: null } as const;
    const spec = { id: 'x', name: 'x' };
    expect(remedyOf({ spec, failureSource }, 'BUILD_APT_NOT_FOUND')).toEqual({
      label: 'Correct apt packages',
      href: '/specs/x/edit#field=apt_packages',
    });
  });
});

describe('words', () => {
  it.each([
    ['No worker is online.', 'No worker is online.'],
    ['Waits for a free worker', 'Waits for a free worker.'],
  ])('%j is the sentence %j', (text, sentence) => {
    expect(asSentence(text)).toBe(sentence);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [21, '21st'],
    [113, '113th'],
  ])('%d is the %s', (n, text) => {
    expect(ordinal(n)).toBe(text);
  });

  it.each([
    ['RUN a', 'RUN a'],
    ['RUN a\n', 'RUN a'],
    ['RUN a\n b', 'RUN a …'],
  ])('the first line of %j is %j', (text, line) => {
    expect(firstLine(text)).toBe(line);
  });
});
