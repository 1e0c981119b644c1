import { describe, expect, it } from 'vitest';
import { printFlyte2 } from './print-flyte2';
import { printPython } from './print-python';
import { printYaml } from './print-yaml';
import { parseImageSpec } from '@/lib/imagespec/schema';

describe('printPython', () => {
  it('keeps a short spec on one line', () => {
    const spec = parseImageSpec({ name: 'train', packages: ['pandas'] });
    expect(printPython(spec)).toBe(
      'from flytekit import ImageSpec\n\nimage_spec = ImageSpec(name="train", packages=["pandas"])\n',
    );
  });

  it.each([
    [88, 1],
    [89, 3],
  ])('writes a call of %i columns on %i lines', (columns, lines) => {
    const rest = 'image_spec = ImageSpec(source_root="")'.length;
    const spec = parseImageSpec({ source_root: 'x'.repeat(columns - rest) });
    expect(printPython(spec).trimEnd().split('\n').slice(2)).toHaveLength(
      lines,
    );
  });

  it('writes one field a line, the base first, and imports what it uses', () => {
    const spec = parseImageSpec({
      name: 'train',
      python_version: '3.12',
      registry: 'ghcr.io/acme',
      env: [['MESSAGE', 'two "words"']],
      packages: [
        'pandas==2.2.1',
        "numpy<2; python_version < '3.13'",
        'x'.repeat(60),
      ],
      base_image: { name: 'base', base_image: { apt_packages: ['git'] } },
      source_root: '.',
      source_copy_mode: 'ALL',
      pip_secret_mounts: [['/home/me/.netrc', '/root/.netrc']],
      builder_options: [['retries', { type: 'int', text: '3' }]],
    });
    expect(printPython(spec, { variable: 'train_image' })).toBe(
      `from flytekit import ImageSpec
from flytekit.constants import CopyFileDetection

base_image_2 = ImageSpec(apt_packages=["git"])

base_image = ImageSpec(name="base", base_image=base_image_2)

train_image = ImageSpec(
    name="train",
    python_version="3.12",
    source_root=".",
    env={"MESSAGE": 'two "words"'},
    registry="ghcr.io/acme",
    packages=[
        "pandas==2.2.1",
        "numpy<2; python_version < '3.13'",
        "${'x'.repeat(60)}",
    ],
    base_image=base_image,
    pip_secret_mounts=[("/home/me/.netrc", "/root/.netrc")],
    source_copy_mode=CopyFileDetection.ALL,
    builder_options={"retries": 3},
)
`,
    );
  });

  it('does not name the base like the spec', () => {
    const spec = parseImageSpec({ base_image: { name: 'b' } });
    expect(printPython(spec, { variable: 'base_image' })).toContain(
      'base_image_ = ImageSpec(name="b")\n\nbase_image = ImageSpec(base_image=base_image_)',
    );
  });
});

describe('printYaml', () => {
  it('quotes what PyYAML would take for something else', () => {
    const spec = parseImageSpec({
      name: 'train',
      python_version: '3.10',
      env: [
        ['DEBUG', 'yes'],
        ['10', 'a: b'],
      ],
      packages: ['pandas>=2', 'x # y', '2001-01-01'],
      apt_packages: [],
      commands: ['echo "a" && \\\nb'],
      builder_options: [
        ['ratio', { type: 'float', value: 1e16 }],
        [
          'nested',
          {
            type: 'list',
            items: [{ type: 'list', items: [{ type: 'none' }] }],
          },
        ],
      ],
    });
    expect(printYaml(spec)).toEqual({
      unkept: [],
      text: `name: train
python_version: "3.10"
env:
  DEBUG: "yes"
  "10": "a: b"
packages:
  - pandas>=2
  - "x # y"
  - "2001-01-01"
apt_packages: []
commands:
  - "echo \\"a\\" && \\\\\\nb"
builder_options:
  ratio: 1.0e+16
  nested:
    -
      - null
`,
    });
  });

  it('names each field that YAML cannot hold', () => {
    const spec = parseImageSpec({
      base_image: { name: 'base' },
      pip_secret_mounts: [['a', '/b']],
      source_copy_mode: 'NO_COPY',
      builder_options: [['a', { type: 'tuple', items: [] }]],
      packages: ['x'],
    });
    const { text, unkept } = printYaml(spec);
    expect(text).toBe('name: flytekit\npackages:\n  - x\n');
    expect(unkept.map(({ field }) => field)).toEqual([
      'base_image',
      'pip_secret_mounts',
      'source_copy_mode',
      'builder_options',
    ]);
    expect(unkept.every(({ reason }) => reason.includes('in Python'))).toBe(
      true,
    );
  });
});

describe('printFlyte2', () => {
  it('begins from Debian and adds layers in the order of flytekit’s build', () => {
    const spec = parseImageSpec({
      name: 'Train',
      registry: 'ghcr.io/Acme',
      python_version: '3.12',
      apt_packages: ['git curl'],
      env: [['A', 'b']],
      packages: ['pandas'],
      requirements: 'requirements.txt',
      pip_index: 'https://pypi.example.com/simple',
      pip_extra_index_url: ['https://a.example.com'],
      commands: ['echo a'],
      copy: ['data', 'src/model.bin'],
      source_root: 'src',
      source_copy_mode: 'ALL',
    });
    const { text, unkept } = printFlyte2(spec);
    expect(text).toBe(`from pathlib import Path

import flyte

image = (
    flyte.Image.from_debian_base(
        python_version=(3, 12),
        registry="ghcr.io/acme",
        name="train",
        platform=("linux/amd64",),
    )
    .with_apt_packages("git", "curl")
    .with_env_vars({"A": "b"})
    .with_requirements(
        "requirements.txt",
        index_url="https://pypi.example.com/simple",
        extra_index_urls=("https://a.example.com",),
    )
    .with_pip_packages(
        "pandas",
        index_url="https://pypi.example.com/simple",
        extra_index_urls=("https://a.example.com",),
    )
    .with_source_folder(Path("src"), copy_contents_only=True)
    .with_source_folder(Path("data"))
    .with_source_file(Path("src/model.bin"), dst="src/")
    .with_commands(["echo a"])
)
`);
    expect(unkept.map(({ field }) => field)).toEqual(['copy']);
  });

  it('puts the layers of a nested base first, on the base of that', () => {
    const spec = parseImageSpec({
      name: 'child',
      packages: ['torch'],
      platform: 'linux/amd64,linux/arm64',
      base_image: {
        name: 'base',
        base_image: 'debian:12',
        apt_packages: ['git'],
      },
    });
    expect(printFlyte2(spec, 'child').text).toBe(`import flyte

child = (
    flyte.Image.from_base("debian:12")
    .clone(name="child", platform=("linux/amd64", "linux/arm64"), extendable=True)
    .with_apt_packages("git")
    .with_pip_packages("torch")
)
`);
  });

  it.each([
    [{ cuda: '12.1' }, 'cuda'],
    [{ cudnn: '8' }, 'cudnn'],
    [{ conda_packages: ['scipy'] }, 'conda_packages'],
    [{ entrypoint: [] }, 'entrypoint'],
    [{ tag_format: 'latest' }, 'tag_format'],
    [{ builder: 'envd' }, 'builder'],
    [{ pip_secret_mounts: [['a', '/b']] }, 'pip_secret_mounts'],
    [{ runtime_packages: ['ipdb'] }, 'runtime_packages'],
    [{ python_exec: '/usr/bin/python3' }, 'python_exec'],
    [{ registry_config: 'a' }, 'registry_config'],
    [{ builder_options: [] }, 'builder_options'],
    [{ builder_config: [['uv_image', 'uv:1']] }, 'builder_config'],
    [{ python_version: '3.12.4' }, 'python_version'],
    [{ python_version: { type: 'int', text: '3' } }, 'python_version'],
    [{ platform: 'linux/s390x' }, 'platform'],
    [{ requirements: 'requirements.in' }, 'requirements'],
    [
      { requirements: 'poetry.lock', pip_index: 'https://a.example.com' },
      'pip_index',
    ],
    [{ base_image: { cuda: '12' } }, 'base_image.cuda'],
  ])('names what has no counterpart: %j', (fields, expected) => {
    const { unkept } = printFlyte2(parseImageSpec(fields));
    expect(unkept.map(({ field }) => field)).toEqual([expected]);
  });

  it.each([
    [{ requirements: 'a/uv.lock' }, '.with_uv_project("a/pyproject.toml")'],
    [
      { requirements: 'poetry.lock', pip_extra_args: '--no-directory' },
      '.with_poetry_project("pyproject.toml", extra_args="--no-directory")',
    ],
    [{ source_root: '.' }, '.with_code_bundle()'],
  ])('%j has %s', (fields, link) => {
    const { text, unkept } = printFlyte2(parseImageSpec(fields));
    expect(text).toContain(link);
    expect(unkept).toEqual([]);
  });
});
