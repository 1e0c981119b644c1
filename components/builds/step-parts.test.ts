import { expect, it } from 'vitest';
import {
  linesInBlock,
  PART_LINES,
  partOf,
} from '@/components/builds/step-parts';

it.each([
  [0, 0, { part: 0, parts: 1, first: 0, count: 0 }],
  [PART_LINES, 0, { part: 0, parts: 1, first: 0, count: PART_LINES }],
  [PART_LINES + 1, 0, { part: 0, parts: 2, first: 0, count: PART_LINES }],
  [PART_LINES + 1, 1, { part: 1, parts: 2, first: PART_LINES, count: 1 }],
  [PART_LINES, Infinity, { part: 0, parts: 1, first: 0, count: PART_LINES }],
  [
    3 * PART_LINES,
    Infinity,
    { part: 2, parts: 3, first: 2 * PART_LINES, count: PART_LINES },
  ],
])('of %i lines part %d is %j', (total, wanted, part) => {
  expect(partOf(total, wanted)).toEqual(part);
});

it('the last block holds what is left', () => {
  expect([0, 1, 2].map((block) => linesInBlock(block, 120))).toEqual([
    50, 50, 20,
  ]);
});
