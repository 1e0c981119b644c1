import { describe, expect, it } from 'vitest';
import { failuresOfPlaywright, failuresOfVitest, line } from './failures.js';

describe('failuresOfVitest', () => {
  it('names each test that failed, with the beginning of its message', () => {
    const report = {
      testResults: [
        {
          name: '/x/a.test.ts',
          status: 'failed',
          message: '',
          assertionResults: [
            { status: 'passed', fullName: 'a is well' },
            {
              status: 'failed',
              fullName: 'b is well',
              failureMessages: ['Error: expected 1\n    at x', 'more'],
            },
          ],
        },
      ],
    };
    expect(failuresOfVitest(report)).toEqual([
      '/x/a.test.ts › b is well › Error: expected 1',
    ]);
  });

  it('names a file that failed without a failed test', () => {
    const report = {
      testResults: [
        {
          name: '/x/a.test.ts',
          status: 'failed',
          message: 'Hook timed out',
          assertionResults: [{ status: 'passed', fullName: 'a' }],
        },
      ],
    };
    expect(failuresOfVitest(report)).toEqual([
      '/x/a.test.ts › (outside its tests) › Hook timed out',
    ]);
  });
});

it('failuresOfPlaywright names tests at any depth, and errors outside them', () => {
  const failed = (title: string) => ({
    file: 'a.spec.ts',
    title,
    ok: false,
    tests: [{ results: [{}, { error: { message: 'Not \u001B[31mseen' } }] }],
  });
  const report = {
    suites: [
      {
        specs: [failed('one'), { ...failed('two'), ok: true }],
        suites: [{ specs: [failed('three')] }],
      },
    ],
    errors: [{ message: 'No browser' }],
  };
  expect(failuresOfPlaywright(report)).toEqual([
    'a.spec.ts › one › Not seen',
    'a.spec.ts › three › Not seen',
    '(outside every test) › No browser',
  ]);
});

it('a line is one line, and no longer than a screen can show', () => {
  expect(line('a', 'b', `x\n${'y'.repeat(1_000)}`)).toMatch(
    /^a › b › x y{298}$/,
  );
});
