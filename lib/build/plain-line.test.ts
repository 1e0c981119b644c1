import { describe, expect, it } from 'vitest';
import { findWords, lastFrame, plainLine } from '@/lib/build/plain-line';

describe('lastFrame', () => {
  it.each([
    ['no bar', 'plain text', 'plain text'],
    ['a bar', ' 10%\r 50%\r100%', '100%'],
    ['a bar that ends with a return', '10%\r20%\r', '20%'],
    ['a bar that was wiped at its end', '10%\r100%\r\x1b[K', '100%'],
    ['nothing but returns', '\r\r', ''],
  ])('gives of %s what stood there last', (_name, text, expected) => {
    expect(lastFrame(text)).toBe(expected);
  });
});

it('reads a line without its colours', () => {
  expect(plainLine('1%\r\x1b[31mbad\x1b[0m news')).toBe('bad news');
});

describe('findWords', () => {
  it.each([
    [
      'every place, whatever the case',
      'Error: no error',
      'ERROR',
      [
        [0, 5],
        [10, 15],
      ],
    ],
    [
      'no overlaps',
      'aaaa',
      'aa',
      [
        [0, 2],
        [2, 4],
      ],
    ],
    ['nothing', 'text', 'other', []],
    ['no words', 'text', '', []],
    ['letters that grow in lower case', 'İx', 'x', [[1, 2]]],
    ['no pattern', 'a.c abc', 'a.c', [[0, 3]]],
  ])('finds %s', (_name, text, words, expected) => {
    expect(findWords(text, words)).toEqual(expected);
  });
});
