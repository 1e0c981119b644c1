import { expect, it } from 'vitest';
import { readOptions, stagesOf } from './options.js';

it.each([
  [[], ['check', 'unit', 'service', 'engine', 'e2e']],
  [['--only', 'engine'], ['engine']],
  [['--only', 'engines'], ['engines']],
  [['--faults'], ['e2e']],
  [['--only', 'engine', '--faults'], ['engine']],
])('runs for %j the stages %j', (args, stages) => {
  expect(stagesOf(readOptions(args))).toEqual(stages);
});

it('hands what follows -- to the runner', () => {
  expect(
    readOptions(['--only', 'unit', '--', 'lib/registry', '-t', '--faults']),
  ).toEqual({
    only: 'unit',
    hasFaults: false,
    filter: ['lib/registry', '-t', '--faults'],
  });
});

it.each([[['--only']], [['--only', 'everything']], [['--quick']]])(
  'refuses %j with its usage',
  (args) => {
    expect(() => readOptions(args)).toThrow('Usage: npm test');
  },
);
