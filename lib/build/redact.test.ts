import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '@/lib/build/log-lines';
import { Redactor } from '@/lib/build/redact';

const bytes = (text: string) => new TextEncoder().encode(text);
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Sends output the way it really goes: bytes, lines, redacted lines. */
function show(
  secrets: string[],
  output: string,
  cuts: number[] = [],
): string[] {
  const splitter = new LineSplitter();
  const lines = new Redactor(secrets).lines();
  const whole = bytes(output);
  const at = [
    0,
    ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b),
    whole.length,
  ];
  const raw = at
    .slice(1)
    .flatMap((end, index) => splitter.push(whole.subarray(at[index], end)));
  return [
    ...[...raw, ...splitter.end()].flatMap((line) => lines.push(line)),
    ...lines.end(),
  ].map((line) => line.text);
}

const wrap = (text: string, columns: number) =>
  text.match(new RegExp(`.{1,${columns}}`, 'gs'))?.join('\n') ?? '';

describe('Redactor', () => {
  it.each([
    ['as it is', 's3cret-pa/ss word', 'got s3cret-pa/ss word!', 'got ***!'],
    ['twice', 'hunter22', 'hunter22 hunter22', '*** ***'],
    ['overlapping itself', 'abcabc', 'abcabcabc', '***'],
    ['URL-escaped', 'pa/ss w&rd', 'q=pa%2Fss%20w%26rd', 'q=***'],
    ['URL-escaped in lower case', 'pa/ss w&rd', 'q=pa%2fss%20w%26rd', 'q=***'],
    ['form-encoded', 'pa/ss w&rd', 'q=pa%2Fss+w%26rd', 'q=***'],
    ['URL-escaped with marks', "it's(a)*!x", 'q=it%27s%28a%29%2A%21x', 'q=***'],
    [
      'JSON-escaped',
      'say "hi"\\now',
      '{"p":"say \\"hi\\"\\\\now"}',
      '{"p":"***"}',
    ],
    [
      'JSON-escaped to ASCII',
      'grün-geheim',
      '{"p":"gr\\u00fcn-geheim"}',
      '{"p":"***"}',
    ],
    ['in hex', 'hunter22', '68756e7465723232 x', '*** x'],
    ['base64 of it alone', 's3cret-password', base64('s3cret-password'), '***'],
  ])('hides a secret %s', (_name, secret, output, shown) => {
    expect(show([secret], output)).toEqual([shown]);
    expect(new Redactor([secret]).text(output)).toBe(shown);
  });

  it.each(['', 'u', 'us'])('hides base64 of a secret after %j', (before) => {
    const secret = 'S3cret+Pass/Word';
    const shown = show([secret], base64(`${before}${secret}tail`)).join('');
    expect(shown).toContain('***');
    expect(shown.length).toBeLessThanOrEqual(14);
  });

  it('hides user and password in any URL, known or not', () => {
    expect(
      show(
        [],
        'see https://me:anything@example.com/simple and http://example.com:80/a@b',
      ),
    ).toEqual([
      'see https://***@example.com/simple and http://example.com:80/a@b',
    ]);
  });

  it('hides each line of a secret of several lines, and leaves the short ones', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBg\nab\n-----END KEY-----\n';
    expect(show([key], 'x MIIEvQIBADANBg y\nab\nz')).toEqual([
      'x *** y',
      'ab',
      'z',
    ]);
    expect(show([key], JSON.stringify({ key }))).toEqual(['{"key":"***"}']);
    expect(
      show([key], `  ${key.replaceAll('\n', '\n  ')}`).join(''),
    ).not.toMatch(/BEGIN|MIIE|END/);
  });

  it('hides what programs read out of a JSON key file', () => {
    const file = JSON.stringify({
      type: 'service_account',
      private_key: '-----BEGIN-----\nMIIEvQIBADANBg\n-----END-----\n',
    });
    expect(show([file], 'key: MIIEvQIBADANBg\ntype: service_account')).toEqual([
      'key: ***',
      'type: service_account',
    ]);
  });

  it('leaves the log readable when a secret is short', () => {
    expect(show(['a', 'root', '12345'], 'root@a: 12345 bytes')).toEqual([
      'root@a: 12345 bytes',
    ]);
  });

  it('keeps the number of lines and the mark of a cut one', () => {
    const lines = new Redactor(['0123456789abcdef']).lines();
    const out = [
      ...lines.push({ text: 'x 01234567', cut: true }),
      ...lines.push({ text: '89abcdef y', cut: false }),
      ...lines.end(),
    ];
    expect(out).toEqual([
      { text: 'x ***', cut: true },
      { text: '*** y', cut: false },
    ]);
  });

  it('gives a line at once unless it may end inside a secret', () => {
    const lines = new Redactor(['0123456789abcdef']).lines();
    expect(lines.push({ text: 'an ordinary line', cut: false })).toHaveLength(
      1,
    );
    expect(lines.push({ text: 'with 0123456789abcdef', cut: false })).toEqual([
      { text: 'with ***', cut: false },
    ]);
    expect(lines.push({ text: 'wait: 01234', cut: false })).toEqual([]);
    expect(
      lines.push({ text: 'no secret', cut: false }).map((line) => line.text),
    ).toEqual(['wait: 01234', 'no secret']);
    expect(lines.push({ text: 'broken off: 0123456789', cut: false })).toEqual(
      [],
    );
    expect(lines.end()).toEqual([{ text: 'broken off: ***', cut: false }]);
  });

  it('does not wait for ever for the rest of a secret', () => {
    const lines = new Redactor(['0123456789abcdef']).lines();
    lines.push({ text: '0123', cut: false });
    const out = Array.from({ length: 300 }, () =>
      lines.push({ text: '', cut: false }),
    ).flat();
    expect(out.length).toBeGreaterThan(200);
  });

  const secret = fc.string({
    unit: fc.constantFrom(
      ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"\\/+%&=ü€',
    ),
    minLength: 16,
    maxLength: 80,
  });
  const around = fc.string({
    unit: fc.constantFrom('-', ' ', '.', '_', '~'),
    maxLength: 40,
  });
  const encoders: Record<string, (text: string) => string> = {
    raw: (text) => text,
    url: encodeURIComponent,
    json: (text) => JSON.stringify(text).slice(1, -1),
    base64,
    base64url: (text) => Buffer.from(text).toString('base64url'),
    'base64 inside': (text) => base64(`user:${text}`).slice(7),
  };

  it.each(Object.entries(encoders))(
    'hides a canary however the output is chunked: %s',
    (_name, encode) => {
      fc.assert(
        fc.property(
          secret,
          around,
          around,
          fc.array(fc.nat()),
          (canary, before, after, cuts) => {
            const shown = show(
              [canary],
              `${before}\n${before} ${encode(canary)} ${after}\n${after}\n`,
              cuts,
            ).join('\n');
            expect(shown).toContain('***');
            expect(longestShared(shown, encode(canary))).toBeLessThanOrEqual(3);
            expect(shown.split('\n')).toHaveLength(3);
          },
        ),
      );
    },
  );

  it.each(Object.entries(encoders))(
    'hides a canary that a program wrapped: %s',
    (_name, encode) => {
      fc.assert(
        fc.property(
          secret,
          around,
          fc.integer({ min: 5, max: 40 }),
          fc.boolean(),
          (canary, before, columns, isIndented) => {
            const output = wrap(
              `${before} ${encode(canary)} ${before}`,
              columns,
            );
            const shown = show(
              [canary],
              isIndented ? output.replaceAll('\n', '\n    ') : output,
            );
            expect(
              longestShared(
                shown.map((line) => line.trim()).join(''),
                encode(canary),
              ),
            ).toBeLessThanOrEqual(3);
            expect(shown).toHaveLength(output.split('\n').length);
          },
        ),
      );
    },
  );

  it('changes nothing when there is no secret in the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({
            unit: fc.constantFrom('a', 'b', ' ', '€'),
            maxLength: 30,
          }),
        ),
        (lines) => {
          const output = lines.map((line) => `${line}\n`).join('');
          expect(show(['ZZZZZZZZZZZZ', 'aXaXaXaXaXaX'], output)).toEqual(lines);
        },
      ),
    );
  });
});

/** The length of the longest piece of `secret` that stands in `shown`. */
function longestShared(shown: string, secret: string): number {
  for (let length = secret.length; length > 0; length -= 1) {
    for (let at = 0; at + length <= secret.length; at += 1) {
      if (shown.includes(secret.slice(at, at + length))) return length;
    }
  }
  return 0;
}
