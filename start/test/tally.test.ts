import { describe, expect, it } from 'vitest';
import {
  add,
  countPlaywright,
  countVitest,
  formatCounts,
  judgeRunner,
} from './tally.js';

const results = (...statuses: string[]) =>
  statuses.map((status) => ({ status }));

describe('countVitest', () => {
  it('counts each test once, whichever file it is in', () => {
    const report = {
      testResults: [
        {
          status: 'passed',
          assertionResults: results('passed', 'passed', 'skipped', 'todo'),
        },
        {
          status: 'failed',
          assertionResults: results('failed', 'passed', 'pending'),
        },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be loaded as one failed test', () => {
    const report = {
      testResults: [{ status: 'failed', assertionResults: [] }],
    };
    expect(countVitest(report)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('countPlaywright', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };

  it('takes a flaky test for a failed one', () => {
    expect(countPlaywright({ stats, errors: [] })).toEqual({
      passed: 4,
      failed: 2,
      skipped: 2,
    });
  });

  it('counts errors outside any test as one failure', () => {
    expect(countPlaywright({ stats, errors: [{}, {}] })).toEqual({
      passed: 4,
      failed: 3,
      skipped: 2,
    });
  });
});

describe('judgeRunner', () => {
  it.each([
    [
      'a runner that ended well',
      { passed: 2, failed: 0, skipped: 1 },
      0,
      '2 passed, 0 failed, 1 skipped',
    ],
    [
      'failed tests, without counting the exit code again',
      { passed: 2, failed: 1, skipped: 0 },
      1,
      '2 passed, 1 failed, 0 skipped',
    ],
    [
      'a crash after the last test',
      { passed: 2, failed: 0, skipped: 0 },
      1,
      '2 passed, 1 failed, 0 skipped',
    ],
    [
      'a runner that found no test',
      { passed: 0, failed: 0, skipped: 0 },
      0,
      '0 passed, 1 failed, 0 skipped',
    ],
    [
      'a runner that wrote no report',
      undefined,
      1,
      '0 passed, 1 failed, 0 skipped',
    ],
    [
      'a runner that wrote no report and claims success',
      undefined,
      0,
      '0 passed, 1 failed, 0 skipped',
    ],
  ])('judges %s', (_what, counts, exitCode, line) => {
    expect(formatCounts(judgeRunner(counts, exitCode))).toBe(line);
  });
});

it('adds counts up', () => {
  expect(
    add(
      { passed: 1, failed: 2, skipped: 3 },
      { passed: 10, failed: 20, skipped: 30 },
    ),
  ).toEqual({
    passed: 11,
    failed: 22,
    skipped: 33,
  });
});
