import { describe, expect, it } from 'vitest';
import {
  formatClock,
  markWords,
  formatOffset,
  SHOWN_CHARS,
  toPlainText,
  toShownLine,
} from '@/components/builds/log-text';

describe('toShownLine', () => {
  it.each([
    ['E: Unable to locate package libfoo', true],
    ['\x1b[31mERROR\x1b[0m: no matching distribution', true],
    ['error: command failed', true],
    ["ModuleNotFoundError: No module named 'x'", true],
    ['  × No solution found when resolving dependencies', true],
    ['Traceback (most recent call last):', true],
    ['fatal: not a git repository', true],
    ['Get:1 liberror-perl 0.17', false],
    ['errors: 0', false],
    ['Installing collected packages: errorhandler', false],
  ])('marks what went wrong: %s', (text, isError) => {
    expect(toShownLine(text).isError).toBe(isError);
  });

  it('says how much of a very long line it leaves out', () => {
    const { spans, hidden } = toShownLine('x'.repeat(SHOWN_CHARS + 7));
    expect(spans[0]?.text).toHaveLength(SHOWN_CHARS);
    expect(hidden).toBe(7);
  });
});

describe('toPlainText', () => {
  it('copies the last state of each line without colours', () => {
    const bar = { text: '\x1b[32m1%\r\x1b[32m100%\x1b[0m' };
    expect(toPlainText([bar, { text: '' }, { text: 'done' }])).toBe(
      '100%\n\ndone',
    );
  });
});

describe('formatOffset', () => {
  it.each([
    [-5, '+0.00'],
    [12_400, '+12.40'],
    [59_999, '+1:00.00'],
    [72_345, '+1:12.35'],
    [3_599_990, '+59:59.99'],
    [3_672_000, '+1:01:12'],
  ])('writes %d ms as %s', (offset, text) => {
    expect(formatOffset(offset)).toBe(text);
  });
});

it.each([
  ['[output clipped, log limit 2MiB reached]', '', '2MiB'],
  [
    'half a line[output clipped, log limit 200KiB/s reached]',
    'half a line',
    '200KiB/s',
  ],
])('shows that the engine left output out: %s', (text, rest, limit) => {
  const { spans, clipped } = toShownLine(text);
  expect(spans.map((span) => span.text).join('')).toBe(rest);
  expect(clipped).toContain(limit);
});

it('shows that nothing is left out after a line that speaks of it', () => {
  expect(
    toShownLine('[output clipped, log limit 1 reached] it said').clipped,
  ).toBeNull();
});

describe('markWords', () => {
  it('marks what is found, across colours too', () => {
    const spans = [
      { text: 'no er', color: 'red' as const },
      { text: 'ror, Error' },
    ];
    expect(markWords(spans, 'error')).toEqual([
      { text: 'no ', color: 'red' },
      { text: 'er', color: 'red', isFound: true },
      { text: 'ror', isFound: true },
      { text: ', ' },
      { text: 'Error', isFound: true },
    ]);
  });

  it('leaves a line without them as it is', () => {
    const spans = [{ text: 'fine' }];
    expect(markWords(spans, 'error')).toBe(spans);
    expect(markWords(spans, '')).toBe(spans);
  });
});

it('formatClock gives the time of the day', () => {
  const at = new Date(2026, 0, 2, 4, 3, 7, 259).getTime();
  expect(formatClock(at)).toBe('04:03:07.25');
});
