import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLines } from '@/worker/engine-docker/json-lines';

async function read(all: Uint8Array[]) {
  const values: unknown[] = [];
  for await (const value of jsonLines(Readable.from(all))) values.push(value);
  return values;
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('jsonLines', () => {
  it.each([
    ['two lines', '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['CRLF and blank lines', '{"a":1}\r\n\r\n\n{"a":2}', [{ a: 1 }, { a: 2 }]],
    ['nothing', '', []],
  ])('reads %s', async (_name, text, values) => {
    expect(await read([bytes(text)])).toEqual(values);
  });

  it('throws on what is not JSON', async () => {
    await expect(read([bytes('{"a":1}\nnope\n')])).rejects.toThrow(SyntaxError);
  });

  it('does not depend on where the chunks end', async () => {
    const value = fc.record({
      text: fc.string({
        unit: fc.constantFrom('a', '\n', '"', '\\', 'é', '😀', '\0'),
      }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value),
        fc.array(fc.nat()),
        async (values, cuts) => {
          const whole = bytes(
            values.map((each) => `${JSON.stringify(each)}\n`).join(''),
          );
          const at = [
            0,
            ...cuts
              .map((cut) => cut % (whole.length + 1))
              .sort((a, b) => a - b),
            whole.length,
          ];
          const parts = at
            .slice(1)
            .map((end, index) => whole.subarray(at[index], end));
          expect(await read(parts)).toEqual(values);
        },
      ),
    );
  });
});
