import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/errors';
import { emptySpec, ImageSpec, parseImageSpec } from './schema';

describe('parseImageSpec', () => {
  it.each([
    ['nothing but defaults', {}],
    ['upper case in name and registry', { name: 'App', registry: 'GHCR.io/X' }],
    ['a name with folders', { name: 'team/app' }],
    ['a local registry', { registry: 'localhost:30000' }],
    ['an organisation on Docker Hub', { registry: 'acme' }],
    ['a cloud registry', { registry: '1.dkr.ecr.eu-west-1.amazonaws.com/a' }],
    ['an empty list, which is not None', { packages: [] }],
    [
      'spaces within a package',
      { packages: [' pandas ', 'scikit-learn  ==1'] },
    ],
    ['a package from git', { packages: ['x @ git+https://example.com/x.git'] }],
    ['an apt version and release', { apt_packages: ['a1=1:2.*', 'b2/stable'] }],
    ['two apt packages in one entry', { apt_packages: ['git curl', 'g++'] }],
    ['a base by digest', { base_image: `a@sha256:${'0'.repeat(64)}` }],
    ['two platforms', { platform: 'linux/amd64,linux/arm64' }],
    ['a continued command', { commands: ['echo a && \\\n echo b'] }],
    [
      'numeric variable names',
      {
        env: [
          ['10', 'a'],
          ['9', 'b'],
        ],
      },
    ],
    ['any printable value', { env: [['A', '$X "q" \'s\' \\ `x` # \u2028']] }],
    ['a path of requirements', { requirements: '../app/requirements.txt' }],
    [
      'one helper image',
      { builder_config: [['uv_image', 'r.example.com/uv']] },
    ],
    [
      'a Python version as a number',
      { python_version: { type: 'float', value: 3.1 } },
    ],
    ['any builder', { builder: 'envd' }],
    [
      'an absolute source_root',
      { source_root: '/srv/app', source_copy_mode: 'NO_COPY' },
    ],
    [
      'every copy mode',
      { source_root: '.', source_copy_mode: 'LOADED_MODULES' },
    ],
    [
      'conda match specs',
      {
        conda_packages: [
          'numpy',
          'nvidia::cuda>=12,<13 scipy=1.*',
          'a[build=x]',
        ],
      },
    ],
    [
      'conda channels by name and address',
      {
        conda_channels: [
          'bioconda',
          'nvidia/label/cuda-12',
          'https://a.example.com/c',
        ],
      },
    ],
    ['cuda, which only a build refuses', { cuda: '', cudnn: '8' }],
    [
      'indexes',
      {
        pip_index: 'https://u:p@a.example.com/simple?x=$y',
        pip_extra_index_url: ['file:///wheels'],
      },
    ],
    ['an empty index', { pip_index: '' }],
    [
      'secret mounts',
      {
        pip_secret_mounts: [
          ['~/.netrc', '/root/.netrc'],
          ['a b', '/x/@y-z_0+1'],
        ],
      },
    ],
    [
      'install options with quotes',
      { pip_extra_args: `--pre --x='a $b' "c d"` },
    ],
    ['a registry_config', { registry_config: '~/registry.json' }],
    [
      'an entrypoint of any text',
      { entrypoint: ['sh', '-c', 'a\n"b" $c', ''] },
    ],
    ['an entrypoint that clears', { entrypoint: [] }],
    ['a tag_format', { tag_format: '{spec_hash:.8}-gpu' }],
    [
      'copies of any name',
      { copy: ['.', './a b/', `it's "x" $y [z]*?.txt`, '..a', 'größe'] },
    ],
    ['runtime packages', { runtime_packages: ['numpy'] }],
    [
      'builder options',
      {
        builder_options: [
          ['a', { type: 'tuple', items: [{ type: 'int', text: '1' }] }],
        ],
      },
    ],
    [
      'a base that is a spec',
      {
        base_image: {
          version: 1,
          name: 'base',
          base_image: { version: 1, name: 'deeper' },
        },
      },
    ],
  ])('takes %s', (_title, input) => {
    expect(parseImageSpec(input)).toMatchObject(input);
  });

  it.each([
    ['name', { name: '' }, 'Give the image a name'],
    ['name', { name: 'app:1' }, 'Leave the tag off'],
    ['name', { name: 'a@sha256:1' }, 'Leave the digest off'],
    ['name', { name: '/app' }, 'none at the start'],
    ['name', { name: 'my app' }, 'use letters and digits'],
    ['name', { name: 'a__-b' }, 'use letters and digits'],
    ['name', { name: 'größe' }, 'use letters and digits'],
    ['name', { name: 'a\nFROM x' }, 'one line'],
    ['name', { registry: 'a.example.com', name: 'a'.repeat(250) }, 'Shorten'],
    ['registry', { registry: 'https://ghcr.io/x' }, 'Leave off “https://”'],
    ['registry', { registry: 'ghcr.io/x/' }, 'Remove the “/”'],
    ['registry', { registry: 'ghcr.io/x:latest' }, 'Leave off the tag'],
    ['registry', { registry: 'a@b/c' }, 'Leave off the tag'],
    ['registry', { registry: 'host:1:2' }, 'one port'],
    ['registry', { registry: 'host:99999' }, 'up to 65535'],
    ['registry', { registry: '.example.com' }, 'Start with the host'],
    ['registry', { registry: 'ghcr.io//x' }, 'cannot be part'],
    ['registry', { registry: 'ghcr.io/x\n' }, 'one line'],
    ['base_image', { base_image: 'https://a/b' }, 'Leave off'],
    ['base_image', { base_image: '--platform=x a' }, 'no spaces'],
    ['base_image', { base_image: '$BASE' }, 'variable'],
    ['base_image', { base_image: 'a\nRUN x' }, 'no spaces'],
    ['python_version', { python_version: '2.7' }, 'Python 3'],
    ['python_version', { python_version: 3.1 }, 'as text'],
    ['python_version', { python_version: '3.12 x' }, 'Python 3'],
    ['python_exec', { python_exec: '--x' }, 'path of the interpreter'],
    ['python_exec', { python_exec: '/a;rm' }, 'path of the interpreter'],
    ['platform', { platform: '' }, 'no platform we know'],
    ['platform', { platform: 'linux/amd64, linux/arm64' }, 'without spaces'],
    ['platform', { platform: 'linux/amd64,linux/amd64' }, 'once'],
    ['platform', { platform: 'windows/amd64' }, 'no platform we know'],
    ['packages', { packages: 'pandas' }, 'as a list'],
    ['packages.0', { packages: [1] }, 'as text'],
    ['packages.1', { packages: ['a', ' '] }, 'empty entry'],
    [
      'packages.0',
      { packages: ['-r requirements.txt'] },
      'A file is no package',
    ],
    ['packages.0', { packages: ['--requirement=x'] }, 'A file is no package'],
    ['packages.0', { packages: ['--index-url https://x'] }, 'An index'],
    ['packages.0', { packages: ['  --extra-index-url x'] }, 'An index'],
    ['packages.0', { packages: ['-e ./x'] }, 'Editable'],
    ['packages.0', { packages: ['--pre'] }, 'is an option'],
    ['packages.0', { packages: ['a\n--index-url x'] }, 'one line'],
    ['packages.0', { packages: ['a \\'] }, 'backslash'],
    ['packages.0', { packages: ['a\0b'] }, 'control character'],
    ['packages.0', { packages: ['a\ud800'] }, 'UTF-8'],
    ['apt_packages.0', { apt_packages: ['-o=x'] }, 'option of apt'],
    ['apt_packages.0', { apt_packages: ['git -y'] }, 'option of apt'],
    ['apt_packages.0', { apt_packages: ['git;ls'] }, 'no Debian package'],
    ['apt_packages.0', { apt_packages: ['$(ls)'] }, 'no Debian package'],
    ['apt_packages.0', { apt_packages: ['Git'] }, 'lower case'],
    ['apt_packages.0', { apt_packages: ['git-'] }, 'would remove'],
    ['apt_packages.0', { apt_packages: [''] }, 'empty entry'],
    ['env', { env: { A: '1' } }, 'as a list'],
    ['env.0', { env: [['A B', '1']] }, 'no variable name'],
    ['env.0', { env: [['', '1']] }, 'NAME=value'],
    ['env.0', { env: [['A"', '1']] }, 'no variable name'],
    ['env.0', { env: [['#A', '1']] }, 'no variable name'],
    ['env.0', { env: [['A', 'x\nRUN y']] }, 'one line'],
    [
      'env.1',
      {
        env: [
          ['A', '1'],
          ['A', '2'],
        ],
      },
      'set twice',
    ],
    ['commands.0', { commands: [''] }, 'empty command'],
    ['commands.0', { commands: ['a\nUSER root'] }, 'on one line'],
    ['commands.0', { commands: ['a \\\n\nUSER root'] }, 'on one line'],
    ['commands.0', { commands: ['a\rb'] }, 'one line'],
    ['commands.0', { commands: ['echo \\'] }, 'backslash at the end'],
    ['commands.0', { commands: ['echo \\\\ \t'] }, 'backslash at the end'],
    ['commands.0', { commands: ['cat <<EOF'] }, 'here-document'],
    ['commands.0', { commands: ['cat 3<<-"EOF"'] }, 'here-document'],
    ['commands.0', { commands: ['cat <\\\n<EOF'] }, 'here-document'],
    ['commands', { commands: Array(10).fill('x'.repeat(16_000)) }, '96 KiB'],
    ['apt_packages', { apt_packages: Array(600).fill('x'.repeat(400)) }, '96'],
    [
      'env',
      { env: [...Array(40).keys()].map((i) => [`A${i}`, 'x'.repeat(8000)]) },
      '256 KiB',
    ],
    ['requirements', { requirements: 'a/' }, 'Name a file'],
    ['builder_config.0', { builder_config: [['x', 'y']] }, 'uv_image'],
    [
      'builder_config.0',
      { builder_config: [['uv_image', 'a b']] },
      'no spaces',
    ],
    ['python_version', { python_version: { type: 'bool', value: true } }, ''],
    ['builder', { builder: 'a\nb' }, 'one line'],
    ['source_root', { source_root: 'a\nb' }, 'one line'],
    ['source_copy_mode', { source_copy_mode: 'AUTO' }, 'Choose LOADED_MODULES'],
    ['conda_packages.0', { conda_packages: ['-c x'] }, 'option of conda'],
    ['conda_packages.0', { conda_packages: ['numpy >=2'] }, 'without a space'],
    ['conda_packages.0', { conda_packages: ['a;id'] }, 'no conda package'],
    ['conda_packages.0', { conda_packages: ['$(id)'] }, 'no conda package'],
    ['conda_packages.0', { conda_packages: [' '] }, 'empty entry'],
    [
      'conda_packages',
      { conda_packages: Array(300).fill('x'.repeat(400)) },
      '96 KiB',
    ],
    ['conda_channels.0', { conda_channels: ['--x'] }, 'no channel'],
    ['conda_channels.0', { conda_channels: ['a b'] }, 'no channel'],
    ['conda_channels.0', { conda_channels: [`https://a/'x`] }, 'no channel'],
    ['conda_channels.0', { conda_channels: ['a\nRUN id'] }, 'one line'],
    ['cuda', { cuda: '1\n2' }, 'one line'],
    ['pip_index', { pip_index: 'a.example.com' }, 'whole address'],
    ['pip_index', { pip_index: '--x' }, 'whole address'],
    ['pip_index', { pip_index: 'https://a/ --x' }, 'whole address'],
    ['pip_index', { pip_index: `https://a/'x` }, 'whole address'],
    ['pip_index', { pip_index: 'https://a\n' }, 'one line'],
    [
      'pip_extra_index_url.1',
      { pip_extra_index_url: ['https://a', ''] },
      'whole address',
    ],
    ['pip_extra_index_url', { pip_extra_index_url: 'https://a' }, 'as a list'],
    ['pip_secret_mounts', { pip_secret_mounts: { a: '/b' } }, 'as a list'],
    [
      'pip_secret_mounts.0',
      { pip_secret_mounts: [[' ', '/b']] },
      'Name the file',
    ],
    ['pip_secret_mounts.0', { pip_secret_mounts: [['a', 'b']] }, 'whole path'],
    [
      'pip_secret_mounts.0',
      { pip_secret_mounts: [['a', '/b/']] },
      'whole path',
    ],
    [
      'pip_secret_mounts.0',
      { pip_secret_mounts: [['a', '/b/../c']] },
      'Leave out “..”',
    ],
    [
      'pip_secret_mounts.0',
      { pip_secret_mounts: [['a', '/b,id=x']] },
      'Use letters',
    ],
    [
      'pip_secret_mounts.0',
      { pip_secret_mounts: [['a', '/b\nRUN id']] },
      'one line',
    ],
    ['pip_extra_args', { pip_extra_args: 'pandas' }, 'is no option'],
    ['pip_extra_args', { pip_extra_args: '--x; id' }, 'A shell would read “;”'],
    [
      'pip_extra_args',
      { pip_extra_args: '--x $TOKEN' },
      'A shell would read “$”',
    ],
    [
      'pip_extra_args',
      { pip_extra_args: '--x "$TOKEN"' },
      'A shell would read “$”',
    ],
    [
      'pip_extra_args',
      { pip_extra_args: '--x `id`' },
      'A shell would read “`”',
    ],
    ['pip_extra_args', { pip_extra_args: "--x 'a" }, "Close the '"],
    ['pip_extra_args', { pip_extra_args: '--x # y' }, 'A shell would read “#”'],
    ['pip_extra_args', { pip_extra_args: '--x\n--y' }, 'one line'],
    [
      'pip_extra_args',
      { pip_extra_args: '--x <<EOF' },
      'A shell would read “<”',
    ],
    ['registry_config', { registry_config: 'a\nb' }, 'one line'],
    ['entrypoint', { entrypoint: 'sh' }, 'as a list'],
    ['entrypoint.0', { entrypoint: ['a\0'] }, 'control character'],
    ['entrypoint.0', { entrypoint: ['a\ud800'] }, 'UTF-8'],
    ['tag_format', { tag_format: '{other}' }, 'spec_hash'],
    ['tag_format', { tag_format: '{spec_hash} x' }, 'none a registry takes'],
    ['copy.0', { copy: ['/etc/passwd'] }, 'leaves the project'],
    ['copy.0', { copy: ['a/../../b'] }, 'leaves the project'],
    ['copy.0', { copy: ['a\\b'] }, 'Write “/” between folders'],
    ['copy.0', { copy: ['a\nRUN id'] }, 'one line'],
    ['copy.1', { copy: ['a', ' '] }, 'empty entry'],
    [
      'runtime_packages.0',
      { runtime_packages: ['-r x'] },
      'A file is no package',
    ],
    ['builder_options.0', { builder_options: [['a', { type: 'set' }]] }, ''],
    ['base_image.name', { base_image: { name: 'a b' } }, 'use letters'],
    [
      'base_image.base_image',
      { base_image: { base_image: { cuda: 'a\nb' } } },
      'one line',
    ],
    ['colour', { colour: 'red' }, 'no field of ImageSpec'],
    ['version', { version: 2 }, ''],
  ])('refuses at %s: %j', (path, input, message) => {
    const error = catchError(() => parseImageSpec(input));
    expect(error.code).toBe('SPEC_INVALID');
    expect(error.fields?.[path]).toContain(message);
  });

  it('names every wrong field at once', () => {
    const error = catchError(() =>
      parseImageSpec({ name: 'a b', packages: ['ok', '-r x', '-e y'] }),
    );
    expect(Object.keys(error.fields ?? {})).toEqual([
      'name',
      'packages.1',
      'packages.2',
    ]);
    expect(error.message).toMatch(/^name: .* \(2 more\)$/);
  });

  it('refuses keys that reach for the prototype', () => {
    const input: unknown = JSON.parse('{"__proto__":{"name":"x"},"name":"a"}');
    expect(() => parseImageSpec(input)).toThrow('no field of ImageSpec');
    expect(({} as { name?: string }).name).toBeUndefined();
  });

  it('never throws anything but SPEC_INVALID', () => {
    fc.assert(
      fc.property(fc.object({ key: fieldName() }), (input) => {
        const result = ImageSpec.safeParse(input);
        if (!result.success) {
          expect(catchError(() => parseImageSpec(input)).code).toBe(
            'SPEC_INVALID',
          );
        }
      }),
    );
  });

  it('reads its own output again without a change', () => {
    const spec = parseImageSpec({ env: [['A', ' x ']], packages: [' a'] });
    expect(parseImageSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
    expect(parseImageSpec(emptySpec())).toEqual(emptySpec());
  });

  it('takes hostile text of a field’s full length in a few milliseconds of matching', () => {
    const long = (unit: string, length: number) =>
      unit.repeat(length).slice(0, length);
    expect(() =>
      parseImageSpec({
        name: long('a-', 255),
        registry: long('a.', 255),
        base_image: long('a/', 512),
        packages: [long(' -', 2048), long('\\', 2048)],
        apt_packages: [long('a+', 512), long('a ', 512)],
        commands: [long('<< ', 16_384), long('\\\n', 16_384)],
        env: [[long('a', 255), long('$', 8192)]],
      }),
    ).toThrow(AppError);
  });
});

function fieldName() {
  return fc.constantFrom('name', 'env', 'packages', 'commands', 'x', 'version');
}

function catchError(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
