import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { toCondaEnvironment } from './conda';
import type { ExportInput } from './dependencies';
import { imageLines } from './image-lines';
import { toPyproject } from './pyproject';
import { toRequirementsTxt } from './requirements-txt';
import { toStarterProject } from './starter';
import { readPythonSpec } from '@/lib/imagespec/code/read-python';
import { lintSpec } from '@/lib/imagespec/lint/lint';
import { parseImageSpec, type SpecFiles } from '@/lib/imagespec/schema';
import { SPEC_TEMPLATES } from '@/lib/imagespec/templates';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const input = (fields: object, files: SpecFiles = {}) => ({
  spec: parseImageSpec(fields),
  files,
  flytekitVersion: '1.16.24',
});

const FULL = input(
  {
    name: 'team/Train',
    python_version: '3.11',
    packages: ['pandas==2.2.1', 'mine @ git+https://git.example.com/mine@v1'],
    requirements: 'requirements.txt',
    runtime_packages: ['ipdb'],
    apt_packages: ['git curl'],
    conda_packages: ['scipy=1.13', 'nvidia::cuda-toolkit'],
    conda_channels: ['nvidia'],
    pip_index: 'https://pypi.example.com/simple',
    pip_extra_index_url: ['https://a.example.com'],
    pip_extra_args: '--pre',
    base_image: { packages: ['pandas==1.0', 'numpy<2'] },
  },
  { 'requirements.txt': '# ours\nrequests==2.32 \\\n  --hash=sha256:ab\n' },
);

describe('toRequirementsTxt', () => {
  it('holds what the image installs, flytekit and the base’s included', () => {
    const { text, notes } = toRequirementsTxt(FULL);
    expect(text).toBe(`--index-url https://pypi.example.com/simple
--extra-index-url https://a.example.com
# Install with: uv pip install --pre -r requirements.txt
numpy<2
# ours
requests==2.32 \\
--hash=sha256:ab
pandas==2.2.1
mine @ git+https://git.example.com/mine@v1
flytekit==1.16.24
# Installed when a task starts:
ipdb
`);
    expect(notes).toEqual([
      'The image also has these Debian packages: git, curl.',
      'The image is installed with the options --pre.',
      'Packages of conda are not in it: scipy=1.13, nvidia::cuda-toolkit. Take environment.yml.',
    ]);
  });

  it('adds flytekit where none is named, and leaves the one that is', () => {
    expect(toRequirementsTxt(input({})).text).toBe('flytekit==1.16.24\n');
    const own = input({ packages: ['flytekit==1.14.0'] });
    expect(toRequirementsTxt(own).text).toBe('flytekit==1.14.0\n');
  });

  it.each([
    ['uv.lock', 'uv sync --locked'],
    ['app/poetry.lock', 'poetry install'],
  ])('leaves the packages of %s to it', (path, command) => {
    const pyproject = path.replace(/[a-z]+\.lock$/, 'pyproject.toml');
    const { text } = toRequirementsTxt(
      input({ requirements: path }, { [path]: 'x', [pyproject]: 'y' }),
    );
    expect(text).toBe(
      `# The packages are those of ${path}: run ${command} beside it.\n`,
    );
  });

  it('takes the files of its bases, each by its own, though they have one path', () => {
    const chain: ExportInput = {
      ...input(
        {
          requirements: 'r.txt',
          base_image: {
            requirements: 'r.txt',
            base_image: { requirements: 'app/uv.lock' },
          },
        },
        { 'r.txt': 'pandas==2.2.2' },
      ),
      baseFiles: [
        { 'r.txt': 'pandas==1.0\nnumpy==2.1.0' },
        { 'app/uv.lock': 'x', 'app/pyproject.toml': 'y' },
      ],
    };
    const { text, notes } = toRequirementsTxt(chain);
    expect(text).toBe('numpy==2.1.0\npandas==2.2.2\nflytekit==1.16.24\n');
    expect(notes).toContain(
      'The base also has the packages of app/uv.lock, which are not in it.',
    );
    expect(() => toStarterProject(chain)).toThrow('mean different files');
  });

  it('asks for the text of the requirements', () => {
    expect(() => toRequirementsTxt(input({ requirements: 'r.txt' }))).toThrow(
      'Add the text of r.txt.',
    );
  });
});

describe('toPyproject', () => {
  it('has a project that depends on the same, and the indexes of uv', () => {
    const { text, notes } = toPyproject(FULL);
    expect(text).toBe(`[project]
name = "train"
version = "0.1.0"
requires-python = ">=3.11,<3.12"
dependencies = [
    "numpy<2",
    "requests==2.32",
    "pandas==2.2.1",
    "mine @ git+https://git.example.com/mine@v1",
    "flytekit==1.16.24",
    "ipdb",
]

[tool.uv]
package = false

[[tool.uv.index]]
url = "https://a.example.com"

[[tool.uv.index]]
url = "https://pypi.example.com/simple"
default = true
`);
    expect(notes).toContain('Hashes are left out; uv.lock holds them.');
  });

  it.each([
    [{ python_version: '3.12.4' }, 'requires-python = "==3.12.4"'],
    [{}, 'requires-python = ">=3.12,<3.13"'],
    [
      { packages: ['a; x == \'y\' and z == "w"'] },
      `"a; x == 'y' and z == \\"w\\"",`,
    ],
    [{ name: 'a__b' }, 'name = "a-b"'],
  ])('%j has %s', (fields, line) => {
    expect(
      toPyproject(input(fields))
        .text.split('\n')
        .map((one) => one.trim()),
    ).toContain(line);
  });

  it.each([
    [
      'git+https://git.example.com/x',
      'Write a name before the address “git+https://git.example.com/x”: name @ address.',
    ],
    [
      '--find-links ./wheels',
      'A project has no place for “--find-links ./wheels”.',
    ],
  ])('says that %s has no place', (line, note) => {
    const file = input(
      { requirements: 'r.txt', python_version: '3.12' },
      { 'r.txt': line },
    );
    const { text, notes } = toPyproject(file);
    expect(notes).toEqual([note]);
    expect(text).not.toContain(line);
  });

  it('takes the indexes of the requirements text', () => {
    const file = input(
      { requirements: 'r.txt' },
      {
        'r.txt':
          '-i https://i.example.com\n--extra-index-url=https://e.example.com\n',
      },
    );
    const { text } = toPyproject(file);
    expect(text).toContain('url = "https://i.example.com"\ndefault = true');
    expect(text).toContain('url = "https://e.example.com"\n');
  });
});

describe('toCondaEnvironment', () => {
  it('reads as YAML with conda’s and pip’s packages', () => {
    expect(parse(toCondaEnvironment(FULL).text)).toEqual({
      name: 'train',
      channels: ['conda-forge', 'nvidia'],
      dependencies: [
        'python=3.11',
        'scipy=1.13',
        'nvidia::cuda-toolkit',
        'pip',
        {
          pip: [
            '--index-url https://pypi.example.com/simple',
            '--extra-index-url https://a.example.com',
            'numpy<2',
            'requests==2.32 --hash=sha256:ab',
            'pandas==2.2.1',
            'mine @ git+https://git.example.com/mine@v1',
            'flytekit==1.16.24',
            'ipdb',
          ],
        },
      ],
    });
  });
});

describe('imageLines', () => {
  it('names the digest once it is known', () => {
    const image = {
      repository: 'ghcr.io/acme/train',
      tag: 'abc',
      digest: DIGEST,
    };
    expect(imageLines('team/Train', image)).toEqual({
      config: `images:\n  train: ghcr.io/acme/train@${DIGEST}\n`,
      namedOption: `--image train=ghcr.io/acme/train@${DIGEST}`,
      defaultOption: `--image ghcr.io/acme/train@${DIGEST}`,
      template:
        'container_image="{{.image.train.fqn}}:{{.image.train.version}}"',
      pinned: `container_image="ghcr.io/acme/train@${DIGEST}"`,
    });
  });

  it('names the tag until then', () => {
    const image = { repository: 'localhost:30000/a', tag: 'abc', digest: null };
    expect(imageLines('my.app', image)).toMatchObject({
      config: 'images:\n  my-app: localhost:30000/a:abc\n',
      namedOption: '--image my-app=localhost:30000/a:abc',
      pinned: null,
    });
  });
});

describe('the templates', () => {
  it.each(SPEC_TEMPLATES)(
    '$id is a valid spec with nothing to mend',
    ({ spec, requirements }) => {
      expect(parseImageSpec(spec)).toEqual(spec);
      const context = {
        clusterPlatforms: [],
        flytekitVersion: '1.16.31',
        others: [],
      };
      const found = lintSpec({ spec, requirements, context });
      expect(found.filter(({ severity }) => severity !== 'info')).toEqual([]);
    },
  );

  it.each(SPEC_TEMPLATES)(
    '$id makes a project whose code reads back',
    ({ spec, requirements }) => {
      const files =
        requirements === null
          ? {}
          : { [spec.requirements ?? '']: requirements };
      const project = toStarterProject({ spec, files });
      const text = (path: string) =>
        project.find((file) => file.path === path)?.text ?? '';
      const { spec: read, problems } = readPythonSpec(text('workflow.py'));
      expect(problems).toEqual([]);
      expect(read).toEqual(spec);
      const laptop =
        requirements === null ? 'requirements.txt' : 'requirements-laptop.txt';
      expect(text(laptop)).toContain('flytekit==');
      expect(text('README.md')).toContain(
        `pip install -r ${laptop}\npyflyte run workflow.py main`,
      );
      expect(project.map(({ path }) => path)).toHaveLength(
        requirements === null ? 3 : 4,
      );
    },
  );
});

describe('toStarterProject', () => {
  const paths = (fields: object, files: SpecFiles = {}) =>
    toStarterProject(input(fields, files)).map(({ path }) => path);
  const readmeOf = (fields: object, files: SpecFiles = {}) =>
    toStarterProject(input(fields, files)).at(-1)?.text ?? '';

  it.each([
    [{ packages: ['flytekitplugins-spark', 'pandas'] }, 'task_config=Spark('],
    [{ packages: ['torch>=2', 'pandas'] }, 'torch.cuda.is_available()'],
    [{ packages: ['Pandas==2.2.3'] }, 'pd.DataFrame('],
    [{ packages: ['requests'] }, 'platform.python_version()'],
  ])('%j gets a task that uses it', (fields, code) => {
    const [workflow] = toStarterProject(input(fields));
    expect(workflow?.path).toBe('workflow.py');
    expect(workflow?.text).toContain(code);
  });

  it('keeps the files of its bases, too', () => {
    const files = toStarterProject({
      ...input({ base_image: { requirements: 'base/r.txt' } }),
      baseFiles: [{ 'base/r.txt': 'pandas\n' }],
    });
    expect(files).toContainEqual({ path: 'base/r.txt', text: 'pandas\n' });
    expect(files.at(-1)?.text).not.toContain('base/r.txt');
  });

  it('keeps the files of the spec at their paths, within the project', () => {
    const lock = { 'app/uv.lock': 'x', 'app/pyproject.toml': 'y' };
    expect(paths({ requirements: 'app/uv.lock' }, lock)).toEqual([
      'workflow.py',
      'app/uv.lock',
      'app/pyproject.toml',
      'README.md',
    ]);
    expect(readmeOf({ requirements: 'app/uv.lock' }, lock)).toContain(
      'uv sync --locked --project app\nuv run --project app pyflyte run workflow.py main',
    );
    for (const path of [
      '../r.txt',
      '/etc/r.txt',
      'a/../../r.txt',
      './../r.txt',
    ]) {
      expect(paths({ requirements: path }, { [path]: 'x' })).toEqual([
        'workflow.py',
        'requirements.txt',
        'README.md',
      ]);
      expect(readmeOf({ requirements: path }, { [path]: 'x' })).toContain(
        `\`${path}\``,
      );
    }
    expect(paths({ requirements: './r.txt' }, { './r.txt': 'x' })).toContain(
      'r.txt',
    );
  });

  it('says what must be put in place, and where the image goes', () => {
    const readme = readmeOf({
      copy: ['data'],
      source_root: 'src',
      source_copy_mode: 'ALL',
      pip_secret_mounts: [['/home/me/.netrc', '/root/.netrc']],
      registry: 'ghcr.io/acme',
    });
    expect(readme).toContain('`data`, `src`, `/home/me/.netrc`');
    expect(readme).toContain('Flyte pulls it from `ghcr.io/acme`.');
    expect(readmeOf({})).toContain('set `registry` in `workflow.py` first');
  });

  it('brings an environment of conda where conda’s packages are used', () => {
    const fields = { name: 'c', conda_packages: ['scipy'] };
    expect(paths(fields)).toEqual([
      'workflow.py',
      'environment.yml',
      'README.md',
    ]);
    expect(readmeOf(fields)).toContain(
      'conda activate c\npyflyte run workflow.py main',
    );
  });
});
