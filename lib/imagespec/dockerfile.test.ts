import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CA_BUNDLE_FILE } from './ca-certificates';
import { definitionHash } from './definition-hash';
import { toDockerfile } from './dockerfile';
import { hasReference, quoteEnv, shellWord } from './dockerfile-quote';
import { ImageSpec, parseImageSpec } from './schema';
import { specId, specTag } from './tag';
import { readDockerfile, readEnv } from './testing/dockerfile-reader';

const TESTDATA = path.join(import.meta.dirname, 'testdata');
const Case = z.strictObject({
  spec: z.unknown(),
  options: z
    .strictObject({
      files: z.record(z.string(), z.string()).optional(),
      uvImage: z.string().optional(),
      micromambaImage: z.string().optional(),
      flytekitVersion: z.string().optional(),
      caCertificates: z.boolean().optional(),
    })
    .default({}),
});

const cases = readdirSync(TESTDATA, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'python')
  .map(({ name }) => name);

describe('the Dockerfiles in testdata', () => {
  it('cover at least 12 branches', () => {
    expect(cases.length).toBeGreaterThanOrEqual(12);
  });

  it.each(cases)('%s', async (name) => {
    const folder = path.join(TESTDATA, name);
    const { spec, options } = Case.parse(
      JSON.parse(readFileSync(path.join(folder, 'spec.json'), 'utf8')),
    );
    const { text, files, notes } = toDockerfile(parseImageSpec(spec), options);
    await expect(text).toMatchFileSnapshot(path.join(folder, 'Dockerfile'));
    await expect(
      `${JSON.stringify({ files, notes }, null, 2)}\n`,
    ).toMatchFileSnapshot(path.join(folder, 'context.json'));
  });
});

const HOSTILE = [
  'RUN id',
  '\nRUN id',
  '\r\nUSER root\r\n',
  '" RUN id "',
  "' ; id; '",
  '\\',
  '\\\n',
  ' \\ ',
  '# syntax=evil',
  '--mount=type=secret,id=x',
  '["sh"]',
  '[ "a" ]',
  '$(id)',
  '`id`',
  '${X}',
  '${X:-}',
  '${X:+$Y}',
  '$X',
  '\\$X',
  '$',
  '<<EOF',
  'cat 0<<EOF',
  ' AS uv',
  'uv',
  'a=b c=d',
  '\0',
  '\u2028',
  '\u0085',
  '日本',
  '=',
  '&&',
  '  ',
];

const piece = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('a', 'git', 'pandas', 'x1', 'ghcr.io/x/y:1', 'A'),
);
const hostileText = fc
  .array(piece, { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const some = <T>(item: fc.Arbitrary<T>) =>
  fc.option(fc.array(item, { maxLength: 4 }), { nil: undefined });
const hostileSpec = fc.record(
  {
    name: fc.oneof(fc.constant('app'), hostileText),
    registry: hostileText,
    base_image: hostileText,
    python_version: hostileText,
    packages: fc.array(hostileText, { maxLength: 4 }),
    apt_packages: fc.array(hostileText, { maxLength: 4 }),
    env: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 4 }),
    commands: fc.array(hostileText, { maxLength: 4 }),
    python_exec: hostileText,
    builder_config: some(
      fc.tuple(fc.constantFrom('uv_image', 'micromamba_image'), hostileText),
    ),
  },
  { requiredKeys: [] },
);
/** One field at a time, so that most of what the rules let through is really rendered. */
const hostileField = hostileSpec.chain((spec) =>
  fc.constantFrom(...Object.keys(spec), 'name').map((field) => ({
    ...Object.fromEntries(
      Object.entries(spec).filter(([name]) => name === field),
    ),
  })),
);

describe('toDockerfile', () => {
  it('holds exactly the planned instructions, whatever the fields are', () => {
    let rendered = 0;
    fc.assert(
      fc.property(
        fc.oneof(hostileSpec, { arbitrary: hostileField, weight: 3 }),
        fc.boolean(),
        (input, caCertificates) => {
          const result = ImageSpec.safeParse(input);
          if (!result.success) return;
          rendered += 1;
          checkInstructions(result.data, caCertificates);
        },
      ),
      { numRuns: 800, seed: 7 },
    );
    expect(rendered).toBeGreaterThan(150);
  });

  it('sets every variable to what was written, references replaced', () => {
    const known = new Map([['X', 'replaced']]);
    let checked = 0;
    fc.assert(
      fc.property(hostileText, (value) => {
        const result = ImageSpec.safeParse({ env: [['A', value]] });
        if (!result.success) return;
        const { text } = toDockerfile(result.data);
        const env = readDockerfile(text).filter(
          ({ keyword }) => keyword === 'ENV',
        );
        const [pair] = readEnv(env[1]?.rest ?? '', known);
        if (hasReference(value)) expect(pair?.[0]).toBe('A');
        else expect(pair).toEqual(['A', value.replaceAll('\\$', '$')]);
        checked += 1;
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(checked).toBeGreaterThan(100);
  });

  it('gives the same text for the same spec', () => {
    const spec = parseImageSpec({
      env: [
        ['B', '1'],
        ['A', '2'],
      ],
    });
    expect(toDockerfile(spec)).toEqual(toDockerfile(spec));
  });

  it('ends with the id, so that another id runs no step again', () => {
    const spec = parseImageSpec({ packages: ['pandas'] });
    expect(toDockerfile(spec).text).toMatch(
      new RegExp(`\nENV _F_IMG_ID=${specId(spec)}\n$`),
    );
  });

  it('keeps every line under the 64 KiB that Docker 20.10 reads', () => {
    const spec = parseImageSpec({
      commands: Array<string>(6).fill('é'.repeat(8000)),
      env: Array.from({ length: 20 }, (_, index) => [
        `A${index}`,
        '"'.repeat(8192),
      ]),
      apt_packages: Array<string>(200).fill('a'.repeat(400)),
    });
    const lines = toDockerfile(spec, { caCertificates: true }).text.split('\n');
    const longest = Math.max(...lines.map((line) => Buffer.byteLength(line)));
    expect(longest).toBeLessThan(65_535);
  });

  it('names no stage of micromamba when the base image’s Python is used', () => {
    const spec = parseImageSpec({ python_exec: '/usr/bin/python3' });
    expect(toDockerfile(spec).text).not.toContain('micromamba');
  });

  it.each([
    [{ uvImage: '--x' }, 'uv_image'],
    [{ micromambaImage: 'a b' }, 'micromamba_image'],
    [{ flytekitVersion: '1\n--index-url x' }, 'flytekit_version'],
  ])('refuses the option %j', (options, field) => {
    expect(() => toDockerfile(parseImageSpec({}), options)).toThrow(
      expect.objectContaining({
        code: 'SPEC_INVALID',
        fields: expect.objectContaining({
          [field]: expect.any(String) as string,
        }) as object,
      }),
    );
  });
});

describe('CA certificates', () => {
  const spec = parseImageSpec({
    apt_packages: ['git'],
    commands: ['curl https://example.com'],
    env: [['A', '1']],
  });
  const plain = toDockerfile(spec);
  const withCa = toDockerfile(spec, { caCertificates: true });

  it('are mounted in each step that uses the network, and nowhere else', () => {
    const runs = (text: string) =>
      readDockerfile(text).filter(({ keyword }) => keyword === 'RUN');
    const mounted = runs(withCa.text).filter(({ flags }) =>
      flags.some((flag) => flag.includes('imageyard-ca')),
    );
    expect(mounted.map(({ rest }) => rest.split('; ').at(-1)?.trim())).toEqual(
      runs(plain.text)
        .filter(({ rest }) =>
          /^(?:apt-get|micromamba|uv|curl)/.test(rest.trim()),
        )
        .map(({ rest }) => rest.trim()),
    );
    expect(mounted).toHaveLength(4);
  });

  it('are in no instruction that ends up in the image’s config', () => {
    const rest = readDockerfile(withCa.text)
      .filter(({ keyword }) => keyword !== 'RUN')
      .map((instruction) => JSON.stringify(instruction))
      .join();
    expect(rest).not.toMatch(/imageyard|CA_BUNDLE|SSL_CERT_FILE/);
    expect(readDockerfile(withCa.text)).toHaveLength(
      readDockerfile(plain.text).length,
    );
  });

  it('ask for one file from the worker, and leave the preview alone', () => {
    expect(Object.keys(withCa.files)).not.toContain(CA_BUNDLE_FILE);
    expect(withCa.files['imageyard-ca/apt.conf']).toContain('/ca.crt');
    expect(plain.text + JSON.stringify(plain.files)).not.toContain('-ca/');
  });
});

describe('quoteEnv', () => {
  it.each([
    ['', '""'],
    ['a b', '"a b"'],
    ['"', '"\\""'],
    ['\\', '"\\\\"'],
    ['$A ${B} ${C:-d e} ${F:+g}', '"$A ${B} ${C:-d e} ${F:+g}"'],
    ['\\$A', '"\\$A"'],
    ['$', '"\\$"'],
    ['$$A', '"\\$$A"'],
    ['$1', '"\\$1"'],
    ['${A', '"\\${A"'],
    ['${A:-$B}', '"\\${A:-$B}"'],
    ['${A:?x}', '"\\${A:?x}"'],
    ['${}', '"\\${}"'],
  ])('%s', (value, expected) => {
    expect(quoteEnv(value)).toBe(expected);
  });
});

describe('shellWord', () => {
  it.each([
    ['g++', 'g++'],
    ['a=1:2.*', "'a=1:2.*'"],
    ["it's", "'it'\\''s'"],
    ['', "''"],
  ])('%s', (word, expected) => {
    expect(shellWord(word)).toBe(expected);
  });
});

describe('definitionHash', () => {
  const spec = parseImageSpec({
    packages: ['pandas'],
    requirements: 'r.txt',
  });
  const options = { files: { 'r.txt': 'numpy\n' } };
  const hash = definitionHash(spec, options);

  it('is a SHA-256', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['requirements', spec, { files: { 'r.txt': 'scipy\n' } }],
    ['a flytekit', spec, { ...options, flytekitVersion: '1.15.0' }],
    ['a team’s uv image', spec, { ...options, uvImage: 'r.example.com/uv' }],
    [
      'a team’s mamba',
      spec,
      { ...options, micromambaImage: 'r.example.com/m' },
    ],
    ['fields', { ...spec, name: 'other' }, options],
    ['a platform', { ...spec, platform: 'linux/arm64' }, options],
  ] as const)('is another for other %s', (_title, other, otherOptions) => {
    expect(definitionHash(other, otherOptions)).not.toBe(hash);
  });

  it('is not changed by CA certificates or by files the spec does not name', () => {
    const more = { files: { ...options.files, 'x.txt': '' } };
    expect(definitionHash(spec, more)).toBe(hash);
    const withCa = { ...options, caCertificates: true };
    expect(definitionHash(spec, withCa)).toBe(hash);
  });

  it('tells apart what one tag cannot: two teams’ helper images', () => {
    const digests = { requirements: 'x' };
    const tag = specTag(spec, digests);
    expect(specTag(spec, digests)).toBe(tag);
    expect(
      definitionHash(spec, { ...options, uvImage: 'a.example.com/uv' }),
    ).not.toBe(
      definitionHash(spec, { ...options, uvImage: 'b.example.com/uv' }),
    );
  });
});

function checkInstructions(spec: ImageSpec, caCertificates: boolean): void {
  const { text } = toDockerfile(spec, { caCertificates });
  expect(text).not.toMatch(/^#/);
  const isExec = Boolean(spec.python_exec);
  const hasApt = (spec.apt_packages?.length ?? 0) > 0;
  const hasCommands = (spec.commands?.length ?? 0) > 0;
  const found = readDockerfile(text);
  expect(found.map(({ keyword }) => keyword)).toEqual([
    ...(isExec ? ['FROM'] : ['FROM', 'FROM']),
    ...['FROM', 'WORKDIR', 'USER'],
    ...(hasApt ? ['RUN'] : []),
    ...(isExec ? [] : ['RUN']),
    ...['RUN', 'RUN'],
    ...(isExec ? [] : ['RUN']),
    'ENV',
    ...((spec.env?.length ?? 0) > 0 ? ['ENV'] : []),
    ...(isExec ? ['WORKDIR', 'RUN', 'WORKDIR'] : ['RUN']),
    'ENV',
    ...(hasCommands ? ['RUN'] : []),
    ...['WORKDIR', 'SHELL', 'USER', 'RUN', 'ENV'],
  ]);
  for (const { keyword, flags, rest } of found) {
    if (keyword === 'FROM') expect(rest).toMatch(/^\S+(?: AS \w+)?$/);
    else if (keyword === 'USER') expect(['root', 'flytekit']).toContain(rest);
    else if (keyword !== 'RUN') expect(flags).toEqual([]);
    for (const flag of flags) {
      expect(flag).toMatch(
        /^--mount=(?:type=(?:cache|bind)|from=(?:uv|micromamba)),[\w.,=/-]+$/,
      );
    }
    expect(rest).not.toContain('\n');
    // BuildKit's newer frontends would read a here-document, and the lines after it, here.
    if (keyword === 'RUN') expect(rest).not.toMatch(/(?:^|\s)\d*<<-?[^<\s]/);
    if (keyword === 'RUN') expect(rest).not.toMatch(/^\[/);
  }
}
