import { describe, expect, it } from 'vitest';
import { pullReference, readReference } from './reference';

const HEX = '0123456789abcdef'.repeat(4);
const DIGEST = `sha256:${HEX}`;
const long = (length: number) => 'a'.repeat(length);
const hub = (path: string) => `docker.io ${path}`;

/**
 * What is written, then `domain path [:tag] [@digest]` or the fault, as Docker's short names are read; last what the
 * bare grammar reads, where that is something else ("-" for no domain).
 */
type Case = [text: string, familiar: string, strict?: string];

const TABLE: Record<string, Case[]> = {
  'short names': [
    ['a', hub('library/a'), '- a'],
    ['a:1', hub('library/a :1'), '- a :1'],
    ['a/b', hub('a/b'), 'a b'],
    ['a/b/c', hub('a/b/c'), 'a b/c'],
    ['library/a', hub('library/a'), 'library a'],
    ['docker.io/a', hub('library/a'), 'docker.io a'],
    ['docker.io/library/a', hub('library/a')],
    ['docker.io/a/b', hub('a/b')],
    ['index.docker.io/a', hub('library/a'), 'index.docker.io a'],
    ['index.docker.io/a/b:1', hub('a/b :1'), 'index.docker.io a/b :1'],
    ['INDEX.docker.io/a', 'INDEX.docker.io a'],
    ['Docker.io/a', 'Docker.io a'],
    ['docker.io:443/a', 'docker.io:443 a'],
    ['registry-1.docker.io/library/a', 'registry-1.docker.io library/a'],
    ['1', hub('library/1'), '- 1'],
    ['localhost', hub('library/localhost'), '- localhost'],
    ['localhost:5000', hub('library/localhost :5000'), '- localhost :5000'],
    ['localhost/a', 'localhost a'],
    ['localhost:5000/a', 'localhost:5000 a'],
    ['LOCALHOST/a', 'LOCALHOST a'],
    ['localhosts/a', hub('localhosts/a'), 'localhosts a'],
    ['test.com', hub('library/test.com'), '- test.com'],
    ['test.com:80', hub('library/test.com :80'), '- test.com :80'],
    ['docker.io', hub('library/docker.io'), '- docker.io'],
    ['docker.io/', 'format'],
    ['docker.io/localhost', hub('library/localhost'), 'docker.io localhost'],
  ],
  'hosts and ports': [
    ['a.b/c', 'a.b c'],
    ['a:1/c', 'a:1 c'],
    ['A/c', 'A c'],
    ['a-b.c/d', 'a-b.c d'],
    ['a--b.c/d', 'a--b.c d'],
    ['1.2.3.4/a', '1.2.3.4 a'],
    ['256.256.256.256/a', '256.256.256.256 a'],
    ['a.b:0/c', 'a.b:0 c'],
    ['a.b:99999/c', 'a.b:99999 c'],
    ['a.b:00000000000000000001/c', 'a.b:00000000000000000001 c'],
    ['a.b:/c', 'format'],
    ['a.b:x/c', 'format'],
    ['a.b:8x/c', 'format'],
    ['a.b:-1/c', 'format'],
    ['a.b:٣/c', 'format'],
    ['a.b:1:2/c', 'format'],
    ['-a.b/c', 'format'],
    ['a-.b/c', 'format'],
    ['a.-b/c', 'format'],
    ['a.b-/c', 'format'],
    ['a..b/c', 'format'],
    ['.a/b', 'format'],
    ['a.b./c', 'format'],
    ['xn--bcher-kva.example/a', 'xn--bcher-kva.example a'],
    ['bücher.example/a', 'format'],
    [`${long(300)}.com/a`, `${long(300)}.com a`],
    [`${long(64)}.com/a`, `${long(64)}.com a`],
    ['//a', 'format'],
    ['/a', 'format'],
    ['a.b//c', 'format'],
  ],
  'hosts with an underscore': [
    ['a_b.c/d', '- a_b.c/d'],
    ['a_b.c/d/e:1', '- a_b.c/d/e :1'],
    ['a_b/c', hub('a_b/c'), '- a_b/c'],
    ['a__b.c/d', '- a__b.c/d'],
    ['a___b.c/d', 'format'],
    ['a_b.c:80/d', 'format'],
    ['A_b.c/d', 'uppercase'],
    ['_a.b/c', 'format'],
    ['a.b_c/d', '- a.b_c/d'],
  ],
  'IPv6 hosts': [
    ['[::1]/a', '[::1] a'],
    ['[::1]:5000/a:1', '[::1]:5000 a :1'],
    ['[::]/a', '[::] a'],
    ['[2001:DB8::A]/a', '[2001:DB8::A] a'],
    ['[1]/a', 'format', '[1] a'],
    ['[:]/a', '[:] a'],
    ['[]/a', 'format'],
    ['[::1/a', 'format'],
    ['::1/a', 'format'],
    ['[::g]/a', 'format'],
    ['[fe80::1%eth0]/a', 'format'],
    ['[fe80::1%25eth0]/a', 'format'],
    ['[::ffff:1.2.3.4]/a', 'format'],
    ['[::1]:/a', 'format'],
    ['[::1]a/b', 'format'],
    ['a.[::1]/b', 'format'],
    ['[::1]', 'format'],
    ['[::1]:5000', 'format'],
  ],
  'repository paths': [
    ['h.x/a.b_c__d-e--f', 'h.x a.b_c__d-e--f'],
    ['h.x/a---------b', 'h.x a---------b'],
    ['h.x/a..b', 'format'],
    ['h.x/a.-b', 'format'],
    ['h.x/a_.b', 'format'],
    ['h.x/a-_b', 'format'],
    ['h.x/a___b', 'format'],
    ['h.x/-a', 'format'],
    ['h.x/a-', 'format'],
    ['h.x/.a', 'format'],
    ['h.x/a.', 'format'],
    ['h.x/_a', 'format'],
    ['h.x/a__', 'format'],
    ['h.x/a/', 'format'],
    ['h.x/a//b', 'format'],
    ['h.x/a/./b', 'format'],
    ['h.x/../b', 'format'],
    ['h.x/a b', 'format'],
    ['h.x/a%20b', 'format'],
    ['h.x/a+b', 'format'],
    ['h.x/é', 'format'],
    ['h.x/0/1/2', 'h.x 0/1/2'],
    ['h.x/a.b:80/c', 'format'],
  ],
  'upper case': [
    ['Foo', 'uppercase'],
    ['foo/Bar', 'uppercase'],
    ['Foo/bar', 'Foo bar'],
    ['Foo/Bar', 'uppercase'],
    ['FOO/BAR/baz', 'uppercase'],
    ['h.x/A', 'uppercase'],
    ['h.x/a/B:1', 'uppercase'],
    ['H.X/a:TAG', 'H.X a :TAG'],
    ['a:TAG', hub('library/a :TAG'), '- a :TAG'],
    ['h.x/É', 'uppercase', 'format'],
    ['h.x/A b', 'uppercase', 'format'],
    ['h.x/a@SHA256', 'uppercase', 'format'],
    ['h.x/a:A/B', 'format'],
  ],
  tags: [
    ['h.x/a:_', 'h.x a :_'],
    ['h.x/a:0', 'h.x a :0'],
    ['h.x/a:A.b-C_', 'h.x a :A.b-C_'],
    ['h.x/a:a..b', 'h.x a :a..b'],
    ['h.x/a:.', 'format'],
    ['h.x/a:-a', 'format'],
    ['h.x/a:', 'format'],
    ['h.x/a:b:c', 'format'],
    ['h.x/a:b+c', 'format'],
    ['h.x/a:b/c', 'format'],
    ['h.x/a: b', 'format'],
    ['h.x/a:é', 'format'],
    ['h.x/:a', 'format'],
    [`h.x/a:${long(128)}`, `h.x a :${long(128)}`],
    [`h.x/a:${long(129)}`, 'format'],
  ],
  digests: [
    [`h.x/a@${DIGEST}`, `h.x a @${DIGEST}`],
    [`h.x/a:1@${DIGEST}`, `h.x a :1 @${DIGEST}`],
    [`a@${DIGEST}`, hub(`library/a @${DIGEST}`), `- a @${DIGEST}`],
    [`h.x/a@${DIGEST}:1`, 'format'],
    [`h.x/a@${DIGEST}@${DIGEST}`, 'format'],
    [`h.x/a@sha256:${HEX.toUpperCase()}`, 'digest_format'],
    [`h.x/a@SHA256:${HEX}`, 'uppercase', 'digest_format'],
    [`h.x/a:1@SHA256:${HEX}`, 'digest_format'],
    [`h.x/a@sha256:${HEX.slice(1)}`, 'digest_length'],
    [`h.x/a@sha256:${HEX}0`, 'digest_length'],
    [`h.x/a@sha256:${HEX.slice(33)}`, 'format'],
    [`h.x/a@sha256:${HEX.slice(32)}`, 'digest_length'],
    [`h.x/a@sha256:${HEX.slice(1)}g`, 'format'],
    [`h.x/a@sha256:${HEX.slice(32).toUpperCase()}`, 'digest_length'],
    [`h.x/a@sha512:${HEX}${HEX}`, `h.x a @sha512:${HEX}${HEX}`],
    [`h.x/a@sha512:${HEX}`, 'digest_length'],
    [`h.x/a@sha384:${HEX}${HEX.slice(32)}`, 'digest_unsupported'],
    [`h.x/a@md5:${HEX.slice(32)}`, 'digest_unsupported'],
    [`h.x/a@a+b.c-d_e:${HEX}`, 'digest_unsupported'],
    [`h.x/a@a1+b2:${HEX}`, 'digest_unsupported'],
    [`h.x/a@a++b:${HEX}`, 'format'],
    [`h.x/a@a+1:${HEX}`, 'format'],
    [`h.x/a@1a:${HEX}`, 'format'],
    [`h.x/a@:${HEX}`, 'format'],
    [`h.x/a@${HEX}`, 'format'],
    ['h.x/a@', 'format'],
    [`@${DIGEST}`, 'format'],
    [`h.x/a:@${DIGEST}`, 'format'],
  ],
  identifiers: [
    [HEX, 'identifier', `- ${HEX}`],
    [HEX.toUpperCase(), 'uppercase'],
    [`${HEX}0`, hub(`library/${HEX}0`), `- ${HEX}0`],
    [HEX.slice(1), hub(`library/${HEX.slice(1)}`), `- ${HEX.slice(1)}`],
    [`${HEX.slice(1)}g`, hub(`library/${HEX.slice(1)}g`), `- ${HEX.slice(1)}g`],
    [`${HEX}:1`, hub(`library/${HEX} :1`), `- ${HEX} :1`],
    [`docker.io/${HEX}`, hub(`library/${HEX}`), `docker.io ${HEX}`],
    [`h.x/${HEX}`, `h.x ${HEX}`],
    [`${HEX}/a`, hub(`${HEX}/a`), `${HEX} a`],
    [`${HEX}\n`, 'format'],
    [`sha256:${HEX}`, hub(`library/sha256 :${HEX}`), `- sha256 :${HEX}`],
  ],
  lengths: [
    [`h.x/${long(255)}`, `h.x ${long(255)}`],
    [`h.x/${long(256)}`, 'too_long'],
    [`${long(247)}`, hub(`library/${long(247)}`), `- ${long(247)}`],
    [`${long(248)}`, 'too_long', `- ${long(248)}`],
    [`h.x/${long(127)}/${long(127)}`, `h.x ${long(127)}/${long(127)}`],
    [`h.x/${long(127)}/${long(128)}`, 'too_long'],
    [`h.x/${long(256)}:1@sha256:${HEX.toUpperCase()}`, 'too_long'],
    [`h.x/${long(2000)}`, 'too_long'],
    [`${long(1018)}.x/a:1`, `${long(1018)}.x a :1`],
  ],
  'white space and other signs': [
    ['', 'format', 'empty'],
    [' ', 'format'],
    [' a', 'format'],
    ['a ', 'format'],
    ['a\n', 'format'],
    ['a\r\n', 'format'],
    ['a\u00a0', 'format'],
    ['a\0', 'format'],
    ['h.x/a\n:1', 'format'],
    ['a#b', 'format'],
    ['a?b', 'format'],
    ['a\\b', 'format'],
    ['https://h.x/a', 'format'],
    ['oci:a', hub('library/oci :a'), '- oci :a'],
    ['h.x/a:${TAG}', 'format'],
  ],
  'letters whose small form is a Latin one': [
    ['\u212a/a', 'uppercase'],
    ['h.x/\u212a', 'uppercase'],
    ['h.x/a:\u212a', 'uppercase'],
  ],
};

describe.each(Object.entries(TABLE))('%s', (_, cases) => {
  it.each(cases)('%j', (text, familiar, strict = familiar) => {
    expect(inShort(text, 'familiar')).toBe(familiar);
    expect(inShort(text, 'strict')).toBe(strict);
  });
});

it('holds more than a hundred cases, none twice', () => {
  const texts = Object.values(TABLE)
    .flat()
    .map(([text]) => text);
  expect(texts.length).toBeGreaterThan(100);
  expect(new Set(texts).size).toBe(texts.length);
});

describe('the digests that are supported', () => {
  const algorithms = ['sha256', 'sha384', 'sha512'] as const;
  it.each([
    ['sha384', 96, true],
    ['sha384', 95, false],
    ['sha384', 64, false],
    ['sha512', 128, true],
    ['sha512', 127, false],
    ['sha512', 129, false],
    ['sha256', 64, true],
    ['sha256', 128, false],
  ])('%s of %i digits: %s', (name, length, ok) => {
    const text = `h.x/a@${name}:${'f'.repeat(length)}`;
    const reading = readReference(text, 'strict', algorithms);
    expect(reading).toMatchObject(ok ? { ok } : { error: 'digest_length' });
  });

  it('are sha256 alone where nothing else is asked for', () => {
    const text = `h.x/a@sha512:${HEX}${HEX}`;
    expect(readReference(text, 'familiar', ['sha256'])).toEqual({
      ok: false,
      error: 'digest_unsupported',
    });
  });
});

describe('the familiar form', () => {
  it.each([
    ['docker.io/library/a', 'a'],
    ['docker.io/library/a:1', 'a:1'],
    ['docker.io/a/b', 'a/b'],
    ['docker.io/library/a/b', 'library/a/b'],
    ['index.docker.io/library/a', 'a'],
    ['h.x/library/a', 'h.x/library/a'],
    [`a:1@${DIGEST}`, `a:1@${DIGEST}`],
    ['localhost/a', 'localhost/a'],
  ])('of %s is %s', (text, familiar) => {
    expect(readReference(text, 'familiar')).toMatchObject({ familiar });
  });
});

describe('pullReference', () => {
  it.each([
    [{}, { tag: 'latest' }],
    [{ tag: '1' }, { tag: '1' }],
    [{ digest: DIGEST }, { digest: DIGEST }],
    [{ tag: '1', digest: DIGEST }, { digest: DIGEST }],
  ])('of %j pulls %j', (written, pulled) => {
    const name = { registry: 'h.x', repository: 'a' };
    expect(pullReference({ ...name, ...written })).toEqual({
      ...name,
      ...pulled,
    });
  });
});

function inShort(text: string, mode: 'familiar' | 'strict'): string {
  const reading = readReference(text, mode);
  if (!reading.ok) return reading.error;
  const { domain, path, tag, digest } = reading;
  return [
    domain ?? '-',
    path,
    ...(tag === null ? [] : [`:${tag}`]),
    ...(digest === null ? [] : [`@${digest}`]),
  ].join(' ');
}
