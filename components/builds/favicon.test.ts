import { expect, it } from 'vitest';
import { faviconOf } from '@/components/builds/favicon';

it.each([
  [['queued', 'cancelled']],
  [['claimed', 'building', 'pushing', 'verifying', 'cancelling']],
  [['failed', 'timed_out', 'lost']],
] as const)('%j look the same in the tab', (states) => {
  const [first, ...rest] = states.map(faviconOf);
  for (const other of rest) expect(other).toBe(first);
});

it('tells apart what waits, runs, is there and failed, by shape and hue', () => {
  const states = ['queued', 'building', 'published', 'failed'] as const;
  expect(new Set(states.map(faviconOf)).size).toBe(4);
});
