import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnsiSpan, parseAnsi, stripAnsi } from '@/lib/build/ansi';

const ESC = '\x1b';

describe('parseAnsi', () => {
  it.each<[string, string, AnsiSpan[]]>([
    ['plain text', 'hello', [{ text: 'hello' }]],
    ['an empty line', '', []],
    [
      'a colour and its end',
      `${ESC}[31mE:${ESC}[0m no`,
      [{ text: 'E:', color: 'red' }, { text: ' no' }],
    ],
    [
      'the short reset',
      `${ESC}[1mA${ESC}[mB`,
      [{ text: 'A', isBold: true }, { text: 'B' }],
    ],
    [
      'several codes in one sequence',
      `${ESC}[1;4;32mok`,
      [{ text: 'ok', color: 'green', isBold: true, isUnderlined: true }],
    ],
    ['a bright colour', `${ESC}[94mx`, [{ text: 'x', color: 'blue' }]],
    [
      'an indexed colour with a name',
      `${ESC}[38;5;9mx`,
      [{ text: 'x', color: 'red' }],
    ],
    ['an indexed colour without a name', `${ESC}[38;5;208mx`, [{ text: 'x' }]],
    ['a 24-bit colour', `${ESC}[38;2;1;31;4mx`, [{ text: 'x' }]],
    [
      'a background, whose numbers are not codes',
      `${ESC}[48;5;31mx`,
      [{ text: 'x' }],
    ],
    [
      'ends of single styles',
      `${ESC}[1;2;3;4;35ma${ESC}[22mb${ESC}[23mc${ESC}[24md${ESC}[39me`,
      [
        {
          text: 'a',
          color: 'magenta',
          isBold: true,
          isDim: true,
          isItalic: true,
          isUnderlined: true,
        },
        { text: 'b', color: 'magenta', isItalic: true, isUnderlined: true },
        { text: 'c', color: 'magenta', isUnderlined: true },
        { text: 'd', color: 'magenta' },
        { text: 'e' },
      ],
    ],
    [
      'a sequence that changes nothing',
      `a${ESC}[0mb${ESC}[Kc`,
      [{ text: 'abc' }],
    ],
    ['markup as text', '<b>&amp;', [{ text: '<b>&amp;' }]],
  ])('reads %s', (_, text, spans) => {
    expect(parseAnsi(text)).toEqual(spans);
  });

  it.each([
    ['cursor moves and erasing', `a${ESC}[2K${ESC}[1A${ESC}[?25lb`],
    [
      'a link',
      `${ESC}]8;;https://example.com/${ESC}\\ab${ESC}]8;;${ESC}\\`,
      'ab',
    ],
    ['a window title', `${ESC}]0;evil\x07ab`],
    ['a title that never ends', `${ESC}]ab`],
    ['a device control string', `${ESC}Pq#0${ESC}\\ab`],
    ['8-bit controls', 'a\x9b31mb\x85'],
    ['bells, backspaces and deletes', 'a\x07\x08\x7fb\0'],
    ['an escape at the end', `ab${ESC}`],
    ['a sequence cut short', `ab${ESC}[`],
    ['a charset switch', `${ESC}(Bab`],
  ])('drops %s', (_, text, shown = 'ab') => {
    expect(stripAnsi(text)).toBe(shown);
  });

  it('keeps tabs', () => {
    expect(stripAnsi('a\tb')).toBe('a\tb');
  });

  it('shows no control character, whatever it is given, and the same text as stripAnsi', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(ESC, '[', ']', '\x9b', '31m', '\x07', '\\', 'm', ';38'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        const shown = parseAnsi(text)
          .map((span) => span.text)
          .join('');
        expect(shown).toBe(stripAnsi(text));

        expect(shown).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
      }),
    );
  });

  it.each([
    ['titles', `${ESC}]`],
    ['sequences', `${ESC}[1`],
    ['8-bit control strings', '\x90a'],
  ])('reads 64 KiB of %s that never end at once', (_, piece) => {
    const text = piece.repeat(65_536 / piece.length);
    const before = performance.now();
    stripAnsi(text);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
