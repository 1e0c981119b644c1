import { describe, expect, it } from 'vitest';
import type { BuildOptions } from './build-plan';
import { definitionHash } from './definition-hash';
import { toDockerfile } from './dockerfile';
import { parseImageSpec } from './schema';
import { treeOf } from './testing/trees';

const tree = treeOf({ 'data/a.csv': '1', run: '2' });
const hostile = (path: string) =>
  new Map([[path, { bytes: new Uint8Array(), isExecutable: false }]]);
const all = { source_root: '.', source_copy_mode: 'ALL' };

type Refused = [
  title: string,
  spec: object,
  options: BuildOptions,
  field: string,
  message: string,
];

const REFUSED: Refused[] = [
  ['CUDA', { cuda: '12.1' }, {}, 'cuda', 'Remove cuda: wheels of GPU'],
  ['an empty CUDA too', { cuda: '' }, {}, 'cuda', 'Remove cuda'],
  ['cuDNN', { cudnn: '8' }, {}, 'cudnn', 'Remove cudnn'],
  [
    'conda beside python_exec',
    { conda_packages: ['scipy'], python_exec: '/usr/bin/python3' },
    {},
    'conda_packages',
    'or python_exec',
  ],
  [
    'its channels first',
    {
      conda_packages: ['scipy'],
      conda_channels: ['nvidia'],
      python_exec: 'python3',
    },
    {},
    'conda_channels',
    'or python_exec',
  ],
  [
    'more conda than a shell takes',
    { conda_packages: Array<string>(120).fill('a'.repeat(500)) },
    {},
    'conda_packages',
    '48 KiB',
  ],
  [
    'packages beside a lock',
    { requirements: 'uv.lock', packages: ['a'] },
    {},
    'packages',
    'uv.lock names them all',
  ],
  [
    'an empty list of them too',
    { requirements: 'poetry.lock', packages: [] },
    {},
    'packages',
    'poetry.lock names them all',
  ],
  [
    'an index for poetry',
    { requirements: 'poetry.lock', pip_index: 'https://a.example.com' },
    {},
    'pip_index',
    'pyproject.toml',
  ],
  [
    'a lock without its text',
    { requirements: 'uv.lock' },
    {},
    'requirements',
    'Add the text of uv.lock.',
  ],
  [
    'a lock without pyproject.toml',
    { requirements: 'a/uv.lock' },
    { files: { 'a/uv.lock': '' } },
    'requirements',
    'Add the text of a/pyproject.toml, which uv.lock needs.',
  ],
  [
    'requirements without their text',
    { requirements: 'r.txt' },
    {},
    'requirements',
    'Add the text of r.txt.',
  ],
  [
    'a base that is not built',
    { base_image: { name: 'a' } },
    {},
    'base_image',
    'built first',
  ],
  [
    'a base that is no image',
    { base_image: { name: 'a' } },
    { baseImage: 'a b' },
    'base_image',
    'no spaces',
  ],
  [
    'a copy without the project',
    { copy: ['data'] },
    {},
    'copy',
    'Upload the project folder',
  ],
  [
    'sources without the project',
    all,
    {},
    'source_root',
    'Upload the project folder',
  ],
  [
    'a copy that the project lacks',
    { copy: ['data', 'no'] },
    { tree },
    'copy',
    'has no “no”',
  ],
  ['a part of a name', { copy: ['dat'] }, { tree }, 'copy', 'has no “dat”'],
  [
    'a copy that the previewed paths lack',
    { copy: ['no'] },
    { treePaths: ['a'] },
    'copy',
    'has no “no”',
  ],
  [
    'a source_root that the project lacks',
    { ...all, source_root: 'no' },
    { tree },
    'source_root',
    'no folder “no”',
  ],
  [
    'a source_root that is a file',
    { ...all, source_root: 'run' },
    { tree },
    'source_root',
    'no folder “run”',
  ],
  [
    'a source_root above the project',
    { ...all, source_root: '../x' },
    { tree },
    'source_root',
    'leaves the project',
  ],
  [
    'the same in a preview',
    { ...all, source_root: 'a/..' },
    { treePaths: null },
    'source_root',
    'leaves the project',
  ],
  [
    'no source_root',
    { source_copy_mode: 'ALL' },
    { tree },
    'source_root',
    'Set source_root',
  ],
  [
    'modules that running code loads',
    { source_root: '.' },
    { tree },
    'source_copy_mode',
    'runs no code',
  ],
  [
    'a project that leaves its folder',
    { copy: ['data', '..a'] },
    { tree: new Map([...tree, ...hostile('..a/../../etc/x')]) },
    'copy',
    'cannot be kept',
  ],
  [
    'a project with absolute paths',
    all,
    { tree: hostile('/etc/passwd') },
    'copy',
    'cannot be kept',
  ],
  [
    'a project with line breaks in paths',
    all,
    { tree: hostile('a\nb') },
    'copy',
    'cannot be kept',
  ],
  ['a helper image that is none', {}, { uvImage: '--x' }, 'uv_image', 'no'],
  [
    'another that is none',
    {},
    { micromambaImage: 'a b' },
    'micromamba_image',
    'no spaces',
  ],
  [
    'a flytekit that is no release',
    {},
    { flytekitVersion: '1\n--index-url x' },
    'flytekit_version',
    'released version',
  ],
];

describe('what no build can have', () => {
  it.each(REFUSED)('%s', (_title, spec, options, field, message) => {
    const build = () => toDockerfile(parseImageSpec(spec), options);
    expect(build).toThrow(
      expect.objectContaining({
        code: 'SPEC_INVALID',
        fields: { [field]: expect.stringContaining(message) as string },
      }),
    );
    const isOfPlace = field === 'base_image';
    const hash = () => definitionHash(parseImageSpec(spec), options);
    if (isOfPlace) expect(hash).not.toThrow();
    else expect(hash).toThrow();
  });
});
