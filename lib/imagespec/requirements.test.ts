import { describe, expect, it } from 'vitest';
import { requirementsDigest } from './digests';
import { isFlytekit, pyprojectPath, toInstallPlan } from './requirements';
import { parseImageSpec } from './schema';

const plan = (input: object, files: Record<string, string> = {}) =>
  toInstallPlan(parseImageSpec(input), files, '1.2.3');

describe('toInstallPlan', () => {
  it.each<[string, object, Record<string, string>, string[]]>([
    ['adds flytekit', {}, {}, ['flytekit==1.2.3']],
    [
      'keeps a pinned flytekit',
      { packages: ['flytekit==1.13.0'] },
      {},
      ['flytekit==1.13.0'],
    ],
    [
      'adds flytekit beside a plugin',
      { packages: ['flytekitplugins-spark'] },
      {},
      ['flytekitplugins-spark', 'flytekit==1.2.3'],
    ],
    [
      'keeps comments, empty lines and options of the file, before the packages',
      { requirements: 'a/r.txt', packages: ['x'] },
      {
        'a/r.txt':
          '# c \r\n\r\n\t--index-url https://pypi.example.org/s\r\ny\x1c\n',
      },
      [
        '# c',
        '',
        '--index-url https://pypi.example.org/s',
        'y',
        'x',
        'flytekit==1.2.3',
      ],
    ],
    [
      'treats pyproject.toml like any other file',
      { requirements: 'pyproject.toml' },
      { 'pyproject.toml': 'flytekit' },
      ['flytekit'],
    ],
    [
      'reads no file for an empty path',
      { requirements: '' },
      {},
      ['flytekit==1.2.3'],
    ],
  ])('%s', (_title, input, files, expected) => {
    expect(plan(input, files)).toEqual({
      kind: 'requirements',
      lines: expected,
    });
  });

  it.each([
    [{ requirements: 'r.txt' }, {}, 'Add the text of r.txt'],
    [{ requirements: 'toString' }, {}, 'Add the text of toString'],
    [{ requirements: 'poetry.lock' }, {}, 'Add the text of poetry.lock'],
    [
      { requirements: 'a/uv.lock' },
      { 'a/uv.lock': '', 'pyproject.toml': '' },
      'Add the text of a/pyproject.toml',
    ],
    [{ requirements: 'uv.lock', packages: [] }, {}, 'Remove the packages'],
    [
      { requirements: 'poetry.lock', pip_index: 'https://a.example.com' },
      {},
      'Remove pip_index',
    ],
    [
      {
        requirements: 'poetry.lock',
        pip_extra_index_url: ['https://a.example.com'],
      },
      {},
      'Remove pip_extra_index_url',
    ],
  ])('refuses %j with %j', (input, files: Record<string, string>, message) => {
    expect(() => plan(input, files)).toThrow(message);
  });

  it.each(['uv', 'poetry'] as const)(
    'takes %s.lock with the pyproject.toml beside it, as they stand',
    (kind) => {
      const path = `app/${kind}.lock`;
      const files = { [path]: ' l\r\n', 'app/pyproject.toml': 'p\n' };
      expect(plan({ requirements: path, conda_channels: [] }, files)).toEqual({
        kind,
        lock: ' l\r\n',
        pyproject: 'p\n',
      });
    },
  );
});

describe('pyprojectPath', () => {
  it.each([
    ['uv.lock', 'pyproject.toml'],
    ['./uv.lock', './pyproject.toml'],
    ['/a/b/poetry.lock', '/a/b/pyproject.toml'],
  ])('%s: %s', (lock, expected) => {
    expect(pyprojectPath(lock)).toBe(expected);
  });
});

describe('isFlytekit', () => {
  it.each([
    ['flytekit', true],
    ['flytekit[all]>=1.14', true],
    ['flytekit @ git+https://example.com/flytekit.git', true],
    ['Flytekit', false],
    [' flytekit', false],
    ['flytekit-x', false],
    ['git+https://example.com/flytekit.git', false],
    ['', false],
  ])('%j: %s', (requirement, expected) => {
    expect(isFlytekit(requirement)).toBe(expected);
  });
});

describe('requirementsDigest', () => {
  it('ignores ASCII whitespace at the ends only', () => {
    const plain = requirementsDigest('a\nb');
    expect(requirementsDigest('\n\t a\nb\r\n\v\f')).toBe(plain);
    expect(requirementsDigest('a\r\nb')).not.toBe(plain);
    expect(requirementsDigest('\u00a0a\nb')).not.toBe(plain);
    expect(requirementsDigest(new Uint8Array([0x20]))).toBe(
      'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    );
  });
});
