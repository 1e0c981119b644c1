import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, capLine } from '@/lib/build/log-lines';
import { MAX_LINE_BYTES } from '@/lib/build/protocol';

const bytes = (text: string) => new TextEncoder().encode(text);

function split(chunks: Uint8Array[]) {
  const splitter = new LineSplitter();
  return [
    ...chunks.flatMap((chunk) => splitter.push(chunk)),
    ...splitter.end(),
  ];
}
const texts = (text: string) => split([bytes(text)]).map((line) => line.text);

/** Cuts at the given places, wherever they fall. */
function chunked(whole: Uint8Array, cuts: number[]): Uint8Array[] {
  const at = [
    0,
    ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b),
    whole.length,
  ];
  return at.slice(1).map((end, index) => whole.slice(at[index], end));
}

describe('LineSplitter', () => {
  it.each([
    ['lines end at LF', 'a\nb\n', ['a', 'b']],
    ['CRLF is one ending', 'a\r\nb\r\n', ['a', 'b']],
    ['empty lines stay', 'a\n\n\nb\n', ['a', '', '', 'b']],
    ['the last line needs no ending', 'a\nb', ['a', 'b']],
    [
      'a carriage return inside a short line stays',
      ' 10%\r 20%\rdone\n',
      [' 10%\r 20%\rdone'],
    ],
    ['nothing gives no line', '', []],
    ['characters of several bytes', 'grün 😀\n', ['grün 😀']],
    ['NUL can not be stored and is replaced', 'a\0b\n', ['a\uFFFDb']],
    ['a byte order mark is text like any other', '\uFEFFa\n', ['\uFEFFa']],
  ])('%s', (_name, text, lines) => {
    expect(texts(text)).toEqual(lines);
  });

  it('replaces a broken sequence and goes on', () => {
    expect(split([new Uint8Array([0x61, 0xff, 0x62, 0x0a])])).toEqual([
      { text: 'a\uFFFDb', cut: false },
    ]);
  });

  it('puts a character together whose bytes arrive apart', () => {
    const splitter = new LineSplitter();
    const [first, second, third, last] = bytes('😀');
    for (const byte of [first, second, third]) {
      expect(splitter.push(new Uint8Array([byte ?? 0]))).toEqual([]);
    }
    expect(splitter.push(new Uint8Array([last ?? 0, 0x0a]))).toEqual([
      { text: '😀', cut: false },
    ]);
  });

  it('shows a progress bar without line feeds as bounded lines', () => {
    const frame = `${'#'.repeat(99)}\r`;
    const lines = split([bytes(frame.repeat(1000))]);
    expect(lines.length).toBeGreaterThan(20);
    expect(
      Math.max(...lines.map((line) => line.text.length)),
    ).toBeLessThanOrEqual(4096 + 100);
    expect(lines.map((line) => line.text).join('\r')).toBe(
      frame.repeat(1000).slice(0, -1),
    );
  });

  it('gives the finished frames of a quiet bar when asked', () => {
    const splitter = new LineSplitter();
    expect(splitter.push(bytes(' 10%\r 20%\r 30'))).toEqual([]);
    expect(splitter.flushFrames()).toEqual([
      { text: ' 10%\r 20%', cut: false },
    ]);
    expect(splitter.flushFrames()).toEqual([]);
    expect(splitter.push(bytes('%\n'))).toEqual([{ text: ' 30%', cut: false }]);
  });

  it('never takes half a line that is no bar', () => {
    const splitter = new LineSplitter();
    splitter.push(bytes('12'));
    expect(splitter.flushFrames()).toEqual([]);
    expect(splitter.push(bytes('3\n'))).toEqual([{ text: '123', cut: false }]);
  });

  it.each([
    ['as long as allowed', 'x'.repeat(MAX_LINE_BYTES), false],
    ['one byte longer', 'x'.repeat(MAX_LINE_BYTES + 1), true],
    [
      'allowed in characters but not in bytes',
      'ü'.repeat(MAX_LINE_BYTES / 2 + 1),
      true,
    ],
    ['a megabyte', 'x'.repeat(1024 * 1024), true],
  ])('marks a cut line: %s', (_name, text, cut) => {
    const lines = split([bytes(`${text}\nnext\n`)]);
    expect(lines.map((line) => line.cut)).toEqual([cut, false]);
    expect(bytes(capLine(lines[0]?.text ?? '')).length).toBeLessThanOrEqual(
      MAX_LINE_BYTES,
    );
    expect(lines[1]?.text).toBe('next');
  });

  it('gives the same lines however the bytes are chunked', () => {
    const piece = fc.constantFrom(
      'a',
      'é',
      '😀',
      '\n',
      '\r',
      '\r\n',
      '\0',
      'word ',
      'x'.repeat(3000),
      '#'.repeat(70_000),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.nat({ max: 255 }), { maxLength: 4 }),
        (pieces, cuts, noise) => {
          const whole = new Uint8Array([...bytes(pieces.join('')), ...noise]);
          expect(split(chunked(whole, cuts))).toEqual(split([whole]));
        },
      ),
    );
  });

  it('loses nothing of short lines', () => {
    const line = fc.string({
      unit: fc.constantFrom('a', 'é', '😀', ' ', '\t'),
      maxLength: 50,
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1 }),
        fc.array(fc.nat()),
        (lines, cuts) => {
          const whole = bytes(lines.map((text) => `${text}\n`).join(''));
          expect(split(chunked(whole, cuts)).map((each) => each.text)).toEqual(
            lines,
          );
        },
      ),
    );
  });
});

describe('capLine', () => {
  it('never leaves half a character', () => {
    const capped = capLine(`x${'😀'.repeat(MAX_LINE_BYTES)}`);
    expect(bytes(capped).length).toBe(MAX_LINE_BYTES - 3);
    expect(capped.at(-1)).toBe('\uDE00');
  });
});
