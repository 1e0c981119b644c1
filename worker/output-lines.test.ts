import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES } from '@/lib/build/protocol';
import { Redactor } from '@/lib/build/redact';
import { OutputLines } from '@/worker/output-lines';

const SECRET = 'hunter2-hunter2-hunter2';
const from = { step: 's', stream: 'stdout', at: 7 } as const;
const feed = (
  output: OutputLines,
  text: string,
  now = 0,
  source:
    typeof from | (Omit<typeof from, 'stream'> & { stream: 'stderr' }) = from,
) => output.push(source, Buffer.from(text), now);
const texts = (lines: { text: string }[]) => lines.map(({ text }) => text);

describe('OutputLines', () => {
  it('keeps the streams of a step apart', () => {
    const output = new OutputLines(new Redactor([]));
    expect(feed(output, 'half ')).toEqual([]);
    expect(
      texts(feed(output, 'other\n', 0, { ...from, stream: 'stderr' })),
    ).toEqual(['other']);
    expect(feed(output, 'whole\n')).toEqual([
      { step: 's', stream: 'stdout', at: 7, text: 'half whole', cut: false },
    ]);
  });

  it('gives the last, unfinished line when the step ends, and nothing after', () => {
    const output = new OutputLines(new Redactor([]));
    feed(output, 'no line feed');
    expect(texts(output.end('other'))).toEqual([]);
    expect(texts(output.end('s'))).toEqual(['no line feed']);
    expect(texts(output.end('s'))).toEqual([]);
  });

  it('shows a bar after a second of silence, and a line that may end in a secret after five', () => {
    const output = new OutputLines(new Redactor([SECRET]));
    feed(output, '10%\r20%\r30', 0);
    expect(texts(output.flushQuiet(500))).toEqual([]);
    expect(texts(output.flushQuiet(1_000))).toEqual(['10%\r20%']);
    feed(output, '%\nname: hunter2\n', 1_000);
    expect(texts(output.flushQuiet(2_500))).toEqual([]);
    expect(texts(output.flushQuiet(6_000))).toEqual(['name: hunter2']);
  });

  it('hides a secret at the very place where a line is cut', () => {
    for (
      let before = MAX_LINE_BYTES - 30;
      before <= MAX_LINE_BYTES;
      before += 1
    ) {
      const output = new OutputLines(new Redactor([SECRET]));
      const [line] = feed(
        output,
        `${'x'.repeat(before)}${SECRET}${'y'.repeat(100)}\n`,
      );
      expect(line?.cut).toBe(true);
      expect(line?.text).not.toMatch(/hunter/);
      expect(Buffer.byteLength(line?.text ?? '')).toBeLessThanOrEqual(
        MAX_LINE_BYTES,
      );
    }
  });
});
