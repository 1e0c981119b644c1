import fc from 'fast-check';
import { pyStr, type PyValue } from '@/lib/imagespec/python-value';
import { copyMode, fieldsDict, type FlytekitFields } from '@/lib/imagespec/tag';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { treeOf } from '@/lib/imagespec/testing/trees';

/** A spec of all fields whose values can be computed, and the files that it names. */
export type RandomSpec = { fields: FlytekitFields; tree: ProjectTree };

// No code point whose category depends on how new a Unicode is.
const HARD = [
  ...["'", '"', '\\', '\\n', '\n', '\r', '\t', '\0', '\x07', '\x1b', '\x7f'],
  ...['\x85', '\xa0', '\xad', 'é', 'ß', 'İ', 'Σ', '日本', '😀', '\u0301'],
  ...['\u200b', '\u2028', '\u3000', '\ufeff', '\ue000', '\uffff', '\u{10ffff}'],
  ...[
    '{',
    '}',
    '{spec_hash}',
    '%s',
    '${X}',
    '#',
    ' ',
    'a',
    'Z',
    '0',
    ', ',
    ': ',
  ],
];
const hard = fc
  .array(fc.oneof(fc.constantFrom(...HARD), fc.string({ maxLength: 4 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

const none: PyValue = { type: 'none' };
const str = hard.map(pyStr);
const listOf = (item: fc.Arbitrary<PyValue>): fc.Arbitrary<PyValue> =>
  fc.array(item, { maxLength: 3 }).map((items) => ({ type: 'list', items }));
const int = fc
  .oneof(
    fc.integer().map(BigInt),
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
  )
  .map((value): PyValue => ({ type: 'int', text: String(value) }));
const float = fc
  .oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(3.1, 1, -0, 1e16, 1e-5, 123456789.125, 1e22, 5e-324),
  )
  .map((value): PyValue => ({ type: 'float', value }));
const bool = fc.boolean().map((value): PyValue => ({ type: 'bool', value }));
const scalar = fc.oneof(str, int, float, bool, fc.constant(none));
const dictOf = (item: fc.Arbitrary<PyValue>): fc.Arbitrary<PyValue> =>
  fc
    .uniqueArray(fc.tuple(hard, item), {
      maxLength: 3,
      selector: ([key]) => key,
    })
    .map((pairs) => ({
      type: 'dict',
      entries: pairs.map(([key, value]) => [pyStr(key), value] as const),
    }));
const literal = fc.oneof(
  scalar,
  listOf(scalar),
  fc
    .array(scalar, { maxLength: 2 })
    .map((items): PyValue => ({ type: 'tuple', items })),
  dictOf(fc.oneof(scalar, listOf(scalar), dictOf(scalar))),
);
const texts = (...all: string[]) => fc.constantFrom(...all.map(pyStr));
const mounts = listOf(
  fc.tuple(str, str).map((items): PyValue => ({ type: 'tuple', items })),
);

const TREE = treeOf({
  'r.txt': ' \n pandas\r\nnumpy \n\n',
  'app/uv.lock': 'version = 1\n',
  'data/b.csv': 'b',
  'data/a.csv': 'a',
  'data/deep/Z.txt': 'z',
  'data/deep/ä 日.txt': 'ä',
  'one.bin': '\0\x01',
  'src/a.py': 'a',
  'src/b.txt': '',
  'src/a/b.py': 'ab',
  'src/ab/c.py': 'c',
  'src/__pycache__/a.pyc': 'x',
});

const plain: Record<string, fc.Arbitrary<PyValue>> = {
  name: fc.oneof(texts('App', 'team/app', 'ΑΣ', 'İ'), str),
  python_version: fc.oneof(texts('3.12', ''), int, float, fc.constant(none)),
  builder: texts('default'),
  env: dictOf(scalar),
  registry: texts('', 'GHCR.io/Acme', 'a_b.c:5000/x.y-z', '127.0.0.1:5'),
  packages: listOf(str),
  conda_packages: listOf(str),
  conda_channels: listOf(str),
  requirements: texts('r.txt', './r.txt', 'app/uv.lock', ''),
  apt_packages: listOf(str),
  cuda: str,
  cudnn: fc.oneof(str, fc.constant(none)),
  platform: fc.oneof(texts('linux/arm64', ''), str),
  pip_index: str,
  pip_extra_index_url: listOf(str),
  pip_secret_mounts: mounts,
  pip_extra_args: str,
  registry_config: str,
  entrypoint: listOf(str),
  commands: listOf(str),
  tag_format: texts(
    ...['', '{spec_hash}', 'v-{spec_hash}-{{x}}', '{spec_hash:.8}'],
    ...['{spec_hash!r:>30}', '{spec_hash:*^30s}', '{spec_hash!s:<25}'],
  ),
  copy: fc
    .subarray([
      'data',
      './one.bin',
      'data/',
      'missing',
      'data/deep/Z.txt',
      '.git',
    ])
    .map((paths): PyValue => ({ type: 'list', items: paths.map(pyStr) })),
  python_exec: str,
  runtime_packages: listOf(str),
  builder_options: dictOf(literal),
  builder_config: dictOf(literal),
};
const source = fc.oneof(
  fc.constant<FlytekitFields>({}),
  fc.constantFrom('src', './src/', '.').map((root): FlytekitFields => ({
    source_root: pyStr(root),
    source_copy_mode: copyMode('ALL'),
  })),
  str.map((root): FlytekitFields => ({
    source_root: root,
    source_copy_mode: copyMode('NO_COPY'),
  })),
);

function fieldsArbitrary(depth: number): fc.Arbitrary<FlytekitFields> {
  const own = fc
    .tuple(fc.record(plain, { requiredKeys: [] }), source)
    .map(([fields, more]): FlytekitFields => ({ ...fields, ...more }));
  const base =
    depth === 0
      ? str
      : fc.oneof(str, fieldsArbitrary(depth - 1).map(fieldsDict));
  // A few fields each, so that what differs is found.
  return fc
    .tuple(own, fc.option(base), fc.func(fc.boolean()))
    .map(([fields, image, isKept]) => ({
      ...Object.fromEntries(
        Object.entries(fields).filter(
          ([name]) => name.startsWith('source') || isKept(name),
        ),
      ),
      ...(image ? { base_image: image } : {}),
    }));
}

export const randomSpec: fc.Arbitrary<RandomSpec> = fieldsArbitrary(2).map(
  (fields) => ({ fields, tree: TREE }),
);

const part = fc.constantFrom(
  'a',
  'b',
  'ab',
  'a.py',
  'b.pyc',
  'A',
  '.a',
  'ä',
  'a b',
);
const paths = fc
  .array(part, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'));
const pattern = fc
  .array(
    fc.oneof(
      { arbitrary: part, weight: 2 },
      fc.constantFrom(
        ...['*', '**', '/', '/', '?', '.', '[ab]', '[!a]', '[^b]', '[a-', ']'],
        ...[
          '\\',
          '!',
          '#',
          ' ',
          '**/',
          '/**',
          '*.py',
          '[[:alpha:]]',
          '[]a]',
          '..',
        ],
      ),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(''));
const patterns = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom('', '', '!'), pattern), { maxLength: 4 }),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([lines, end]) => lines.map((line) => line.join('') + end).join(''));

/** A project with ignore files, below a folder that `source_root` names in one of several ways. */
export const ignoringTree: fc.Arbitrary<ProjectTree> = fc
  .record({
    files: fc.uniqueArray(paths, { minLength: 3, maxLength: 12 }),
    docker: patterns,
    ignores: fc.array(
      fc.tuple(fc.constantFrom('', 'src/', 'src/a/', 'src/b/a/'), patterns),
      {
        maxLength: 3,
      },
    ),
  })
  .map(({ files, docker, ignores }) => {
    const all = [
      ...files.map((name) => [`src/${name}`, name]),
      ['src/main.py', ''],
      ['src/.dockerignore', docker],
      ...ignores.map(([folder, text]) => [`${folder}.gitignore`, text]),
    ] as const;
    // A path is a file or a folder, never both.
    const kept = all.filter(
      ([path = '']) =>
        !all.some(([other = '']) => other.startsWith(`${path}/`)),
    );
    return treeOf(Object.fromEntries(kept) as Record<string, string>);
  });
