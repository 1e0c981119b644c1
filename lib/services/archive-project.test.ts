import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/errors';
import { packProject, unpackProject } from '@/lib/build/project-archive';
import { readProject } from '@/lib/services/archive-project';
import {
  type TarEntry,
  tarOf,
  tgzOf,
  withHeader,
  type ZipEntry,
  zipOf,
} from '@/lib/services/testing/archive-files';

const MIB = 1024 * 1024;
type Made = Buffer | Promise<Buffer>;

async function textsOf(archive: Made): Promise<Record<string, string>> {
  const { tree } = await readProject(await archive);
  return Object.fromEntries(
    [...tree].map(([path, { bytes, isExecutable }]) => [
      path,
      `${isExecutable ? 'x ' : ''}${Buffer.from(bytes).toString()}`,
    ]),
  );
}
const notesOf = async (archive: Made) =>
  (await readProject(await archive)).notes.join('\n');

const zeros = gzipSync(Buffer.alloc(32 * MIB));
const file = (name: string, rest: Partial<TarEntry> = {}): TarEntry => ({
  name,
  text: 'x',
  ...rest,
});

const plain: TarEntry[] = [
  { name: 'train.py', text: 'print()' },
  { name: 'bin/run', text: '#!', mode: 0o755 },
];

describe('readProject takes', () => {
  const PROJECT = { 'train.py': 'print()', 'bin/run': 'x #!' };
  it.each<[string, () => Made]>([
    ['a tar', () => tarOf(...plain)],
    ['a gzipped tar', () => tgzOf(...plain)],
    [
      'a tar of ".", with its folders',
      () =>
        tarOf(
          { name: './', type: 'directory' },
          { name: './bin/', type: 'directory' },
          ...plain.map((entry) => ({ ...entry, name: `./${entry.name}` })),
        ),
    ],
    [
      'what git archive writes, with a header for all entries',
      async () =>
        Buffer.concat([
          withHeader(
            await tarOf(
              file('pax_global_header', { text: '17 comment=abcde\n' }),
            ),
            { type: 'g' },
          ),
          await tarOf(...plain),
        ]),
    ],
    [
      'a zip',
      () =>
        zipOf(
          { name: 'bin/', mode: 0o040755 },
          { name: 'train.py', text: 'print()' },
          { name: 'bin/run', text: '#!', mode: 0o100755 },
        ),
    ],
    [
      'a zip that compresses nothing',
      () =>
        zipOf(
          { name: 'train.py', text: 'print()', method: 0 },
          { name: 'bin/run', text: '#!', mode: 0o100755, method: 0 },
        ),
    ],
    [
      'a zip with a folder that is one only by its mode',
      () =>
        zipOf(
          { name: 'bin', mode: 0o040755 },
          { name: 'train.py', text: 'print()' },
          { name: 'bin/run', text: '#!', mode: 0o100755 },
        ),
    ],
  ])('%s', async (_, make) => {
    expect(await textsOf(make())).toEqual(PROJECT);
    expect(await notesOf(make())).toBe('');
  });

  it('a zip of Windows, with backslashes and no modes', async () => {
    const zip = zipOf(
      { name: 'src\\', mode: 0 },
      { name: 'src\\a.py', text: 'a', mode: 0 },
      { name: 'b.py', text: 'b', mode: 0 },
    );
    expect(await textsOf(zip)).toEqual({ 'src/a.py': 'a', 'b.py': 'b' });
  });

  it('names beyond ASCII, long paths, empty files, and files that differ in case', async () => {
    const long = `${'folder/'.repeat(40)}${'n'.repeat(120)}.py`;
    const names = [long, 'データ/é 🚀.txt', 'A.py', 'a.py'];
    const texts = Object.fromEntries(names.map((name) => [name, '']));
    expect(await textsOf(tarOf(...names.map((name) => ({ name }))))).toEqual(
      texts,
    );
    expect(await textsOf(zipOf(...names.map((name) => ({ name }))))).toEqual(
      texts,
    );
  });
});

describe('readProject says what it did:', () => {
  it('takes the one folder away that holds everything', async () => {
    const tgz = tgzOf(
      { name: 'etl-main/', type: 'directory' },
      { name: 'etl-main/a.py', text: 'a' },
      { name: 'etl-main/src/b.py', text: 'b' },
    );
    expect(await textsOf(tgz)).toEqual({ 'a.py': 'a', 'src/b.py': 'b' });
    expect(await notesOf(tgz)).toContain('“etl-main”');
  });

  it.each<[string, () => Made]>([
    [
      'two folders',
      () => tarOf({ name: 'a/x', text: '1' }, { name: 'b/x', text: '2' }),
    ],
    [
      'a file beside the folder',
      () => tarOf({ name: 'a/x', text: '1' }, { name: 'a.py', text: '2' }),
    ],
    ['a file alone', () => tarOf({ name: 'x', text: '1' })],
  ])('but not where there is %s', async (_, make) => {
    expect(await notesOf(make())).toBe('');
  });

  it('takes none away from a tar of ".", whose one folder is the project\'s own', async () => {
    const archive = tarOf(
      { name: './', type: 'directory' },
      { name: './data/a.txt', text: 'x' },
    );
    expect(Object.keys(await textsOf(archive))).toEqual(['data/a.txt']);
    expect(await notesOf(archive)).toBe('');
  });

  it('leaves .git out, links in it too, before it looks for the one folder', async () => {
    const tgz = tgzOf(
      { name: 'p/.git/', type: 'directory' },
      { name: 'p/.git/HEAD', text: 'ref' },
      { name: 'p/.git/link', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'p/lib/.git/HEAD', text: 'ref' },
      { name: 'p/lib/a.py', text: 'a' },
      { name: 'p/.gitignore', text: '*.pyc' },
      { name: 'p/sub/.git', text: 'gitdir: ../.git/modules/sub' },
    );
    expect(Object.keys(await textsOf(tgz))).toEqual([
      'lib/a.py',
      '.gitignore',
      'sub/.git',
    ]);
    expect(await notesOf(tgz)).toContain('Left out .git (3 files)');
  });

  it('leaves out what macOS adds', async () => {
    const zip = zipOf(
      { name: 'p/a.py', text: 'a' },
      { name: 'p/._mine', text: 'my own file' },
      { name: '__MACOSX/p/._a.py', text: '\x00\x05\x16\x07' },
      { name: 'p/._a.py', text: '\x00\x05\x16\x07…' },
    );
    expect(Object.keys(await textsOf(zip))).toEqual(['a.py', '._mine']);
    expect(await notesOf(zip)).toContain('Left out 2 files that macOS adds');
  });
});

/** A gzip of several members, whose tar says that one file holds all their zeros. */
async function gzipBomb(members: number): Promise<Buffer> {
  const header = withHeader(await tarOf(file('zeros')), {
    size: members * 32 * MIB,
  });
  return Buffer.concat([
    gzipSync(header.subarray(0, 512)),
    ...Array.from({ length: members }, () => zeros),
  ]);
}

const HOSTILE: [string, () => Made, RegExp][] = [
  ['tar: a path that climbs', () => tarOf(file('../x')), /leads out of it/],
  [
    'tar: a path that climbs in the middle',
    () => tarOf(file('a/../../x')),
    /leads out of it/,
  ],
  [
    'tar: a path that climbs below .git',
    () => tarOf(file('.git/../../x')),
    /leads out of it/,
  ],
  ['tar: an absolute path', () => tarOf(file('/etc/passwd')), /absolute path/],
  ['tar: a drive letter', () => tarOf(file('C:/x')), /absolute path/],
  ['tar: backslashes', () => tarOf(file('..\\..\\x')), /backslash/],
  [
    'tar: a symlink',
    () => tarOf(file('a', { type: 'symlink', linkname: '/etc/passwd' })),
    /holds a symlink: “a”/,
  ],
  [
    'tar: a symlink to a folder, and a file through it',
    () =>
      tarOf(file('a', { type: 'symlink', linkname: '/etc' }), file('a/passwd')),
    /holds a symlink: “a”/,
  ],
  [
    'tar: a hard link',
    () => tarOf(file('b'), file('a', { type: 'link', linkname: '../x' })),
    /holds a hard link: “a”/,
  ],
  [
    'tar: a character device',
    () => tarOf(file('a', { type: 'character-device', devmajor: 1 })),
    /neither a file nor a folder/,
  ],
  [
    'tar: a block device',
    () => tarOf(file('a', { type: 'block-device' })),
    /neither a file nor a folder/,
  ],
  [
    'tar: a named pipe',
    () => tarOf(file('a', { type: 'fifo' })),
    /neither a file nor a folder/,
  ],
  [
    'tar: a sparse file',
    () => tarOf(file('a', { pax: { 'GNU.sparse.major': '1' } })),
    /sparse file/,
  ],
  ['tar: a path twice', () => tarOf(file('a'), file('a')), /more than once/],
  [
    'tar: a path twice, spelled otherwise',
    () => tarOf(file('a/b'), file('./a//./b')),
    /more than once/,
  ],
  [
    'tar: a file that is a folder too',
    () => tarOf(file('a/b'), file('a')),
    /as a file and as a folder/,
  ],
  [
    'tar: a file that is an empty folder too',
    () => tarOf(file('a/b'), file('a/b', { type: 'directory' })),
    /as a file and as a folder/,
  ],
  [
    'tar: a file that is a folder where case does not count',
    () => tarOf(file('Build'), file('build/x/y')),
    /differ only in case/,
  ],
  [
    'tar: a line break in a path',
    () => tarOf(file('a', { pax: { path: 'a\nRUN x' } })),
    /control character: “a\\u\{a\}RUN x”/,
  ],
  [
    'tar: a NUL in a path',
    () => tarOf(file('a', { pax: { path: 'a\0.py' } })),
    /control character/,
  ],
  [
    'tar: a path that is not UTF-8',
    () => tarOf(file('a', { pax: { path: 'a\uFFFD' } })),
    /not UTF-8/,
  ],
  [
    'tar: nested too deep',
    () => tarOf(file('d/'.repeat(60) + 'x')),
    /nested deeper than 50/,
  ],
  ['tar: too long a name', () => tarOf(file('n'.repeat(256))), /too long/],
  [
    'tar: too long a path',
    () => tarOf(file(`${'n'.repeat(200)}/`.repeat(6))),
    /too long/,
  ],
  [
    'tar: too many folders',
    async () => {
      const folder = await tarOf({ name: 'd/', type: 'directory' });
      return gzipSync(
        Buffer.concat(
          Array.from({ length: 60_001 }, () => folder.subarray(0, 512)),
        ),
      );
    },
    /more than 20,000 files/,
  ],
  ['tar: a bomb', () => gzipBomb(10), /larger than 256 MiB/],
  [
    'tar: a bomb after the end of the tar',
    async () =>
      Buffer.concat([
        await tgzOf(file('a')),
        ...Array.from({ length: 11 }, () => zeros),
      ]),
    /larger than 256 MiB/,
  ],
  [
    'tar: cut off',
    async () =>
      (await tarOf(file('a', { text: 'x'.repeat(5000) }))).subarray(0, 2000),
    /cut off or damaged/,
  ],
  [
    'tar: cut off inside gzip',
    async () =>
      (await tgzOf(file('a', { text: randomBytes(5000) }))).subarray(0, 2000),
    /cut off or damaged/,
  ],
  [
    'tar: a wrong checksum',
    async () => (await tarOf(file('a'))).fill(7, 0, 3),
    /cut off or damaged/,
  ],
  [
    'tar: folders only',
    () => tarOf({ name: 'a/', type: 'directory' }),
    /holds no files/,
  ],
  ['tar: .git only', () => tarOf(file('.git/HEAD')), /holds no files/],
  ['gzip of a text', () => gzipSync('hello'), /cut off or damaged|no files/],
  ['a text', () => Buffer.from('hello'), /no \.tar/],
  ['nothing', () => Buffer.alloc(0), /no \.tar/],
  ['zip: empty', () => zipOf(), /holds no files/],
  ['zip: a path that climbs', () => zipOf({ name: '../x' }), /leads out/],
  [
    'zip: a path that climbs with backslashes',
    () => zipOf({ name: 'a\\..\\..\\x' }),
    /leads out/,
  ],
  ['zip: an absolute path', () => zipOf({ name: '/x' }), /absolute path/],
  [
    'zip: an absolute path of a network',
    () => zipOf({ name: '\\\\host\\x' }),
    /absolute path/,
  ],
  ['zip: a drive letter', () => zipOf({ name: 'C:\\x' }), /absolute path/],
  [
    'zip: a symlink',
    () => zipOf({ name: 'a', text: '/etc/passwd', mode: 0o120777 }),
    /holds a symlink/,
  ],
  [
    'zip: a device',
    () => zipOf({ name: 'a', mode: 0o020666 }),
    /neither a file nor a folder/,
  ],
  ['zip: a NUL in a path', () => zipOf({ name: 'a\0.py' }), /control char/],
  [
    'zip: a path that is not UTF-8',
    () => zipOf({ name: Buffer.from([0x61, 0xff]) }),
    /not UTF-8/,
  ],
  [
    'zip: a path twice',
    () => zipOf({ name: 'a', text: '1' }, { name: 'a', text: '2' }),
    /more than once/,
  ],
  [
    'zip: a file that is a folder where case does not count',
    () => zipOf({ name: 'data/x' }, { name: 'DATA' }),
    /differ only in case/,
  ],
  ['zip: encrypted', () => zipOf({ name: 'a', flags: 0x801 }), /encrypted/],
  [
    'zip: strongly encrypted',
    () => zipOf({ name: 'a', flags: 0x841 }),
    /encrypted/,
  ],
  [
    'zip: another compression',
    () => zipOf({ name: 'a', method: 14 }),
    /Pack it with deflate/,
  ],
  [
    'zip: more content than its headers say',
    () => zipOf({ name: 'a', text: 'x'.repeat(MIB), claimedSize: 10 }),
    /cut off or damaged/,
  ],
  [
    'zip: less content than its headers say',
    () => zipOf({ name: 'a', text: 'x', claimedSize: MIB }),
    /cut off or damaged/,
  ],
  [
    'zip: too many files',
    () =>
      zipOf(
        ...Array.from({ length: 20_001 }, (_, index): ZipEntry => ({
          name: `f${index}`,
          method: 0,
          isOverlapping: index > 0,
        })),
      ),
    /more than 20,000 files/,
  ],
  [
    'zip: a bomb of entries that share their content',
    () => {
      const text = Buffer.alloc(32 * MIB);
      return zipOf(
        ...Array.from({ length: 9 }, (_, index): ZipEntry => ({
          name: `zeros${index}`,
          text,
          isOverlapping: index > 0,
        })),
      );
    },
    /larger than 256 MiB/,
  ],
  [
    'zip: cut off',
    () => zipOf({ name: 'a', text: randomBytes(5000) }).subarray(0, 3000),
    /cut off or damaged/,
  ],
  [
    'zip: a directory that is no directory',
    () => zipOf({ name: 'a' }).fill(0xff, 35, 60),
    /cut off or damaged/,
  ],
];

describe('readProject refuses', () => {
  it.each(HOSTILE)(
    '%s',
    async (_, make, message) => {
      const error: unknown = await readProject(await make()).then(
        () => 'It was taken.',
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(AppError);
      const refusal = error as AppError;
      expect(refusal.message).toMatch(message);
      expect(refusal.code).toBe('INVALID_INPUT');
      expect(refusal.fields).toEqual({ archive: refusal.message });
      expect(refusal.message).toMatch(/^[^\p{Cc}\p{Cf}]+\.$/u);
      expect(refusal.message.length).toBeLessThan(300);
    },
    60_000,
  );
});

describe('any project', () => {
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter(
      (text) =>
        !/[\p{Cc}\p{Cs}\\/\uFFFD]/u.test(text) &&
        !['.', '..', '.git', '__MACOSX'].includes(text) &&
        !/^[A-Za-z]:|^\._/.test(text),
    );
  const project = fc
    .uniqueArray(
      fc.record({
        path: fc
          .array(segment, { minLength: 1, maxLength: 4 })
          .map((parts) => ['root', ...parts].join('/')),
        text: fc.uint8Array({ maxLength: 2000 }).map((it) => Buffer.from(it)),
        isExecutable: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12, selector: ({ path }) => path },
    )
    .filter((files) => {
      const paths = files.map(({ path }) => path.toLowerCase());
      return !paths.some((path) =>
        paths.some((other) => other.startsWith(`${path}/`)),
      );
    })
    .map((files) => [
      ...files,
      { path: 'beside', text: Buffer.from('x'), isExecutable: false },
    ]);

  it('comes out of tar, gzipped tar and zip as it went in, and of what is stored', async () => {
    await fc.assert(
      fc.asyncProperty(project, async (files) => {
        const tree = new Map(
          files.map(({ path, text, isExecutable }) => [
            path,
            { bytes: text, isExecutable },
          ]),
        );
        const tars = files.map(({ path, text, isExecutable }) => ({
          name: path,
          text,
          mode: isExecutable ? 0o755 : 0o644,
        }));
        const zips = files.map(({ path, text, isExecutable }) => ({
          name: path,
          text,
          mode: isExecutable ? 0o100755 : 0o100644,
        }));
        for (const archive of [
          await tarOf(...tars),
          await tgzOf(...tars),
          zipOf(...zips),
        ]) {
          expect((await readProject(archive)).tree).toEqual(tree);
        }
        const packed = await packProject(tree);
        expect(await unpackProject(packed)).toEqual(tree);
        expect(await packProject(new Map([...tree].reverse()))).toEqual(packed);
      }),
      { numRuns: 60 },
    );
  });
});
