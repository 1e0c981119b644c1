import { afterAll, describe, expect, it } from 'vitest';
import { CA_EXPORTS, CA_MOUNT_FLAG } from '@/lib/imagespec/ca-certificates';
import { UV_MOUNTS } from '@/lib/imagespec/dockerfile-run';
import { specId } from '@/lib/imagespec/tag';
import { treeOf } from '@/lib/imagespec/testing/trees';
import { specBuilder } from '@/worker/testing/built-specs';

const { docker, base, uv, build, attempt, buildDockerfile, discard } =
  specBuilder();
const PYTHON = { python_exec: '/usr/bin/python3' };
/** A secret that makes uv install no dependencies: seen in what is installed. */
const NO_DEPS = '[pip]\nno-deps = true\n';
const SECRET = {
  pip_secret_mounts: [['uv.toml', '/root/uv.toml']],
  pip_extra_args: '--config-file /root/uv.toml',
};

afterAll(discard);

describe('python_exec', () => {
  it('gives an image that behaves as flytekit’s', async () => {
    const { run, image, job } = await build({
      ...PYTHON,
      packages: ['six==1.17.0'],
      env: [
        ['MY_NAME', 'two "words" and a $'],
        ['TOOLS', '$PATH:/opt/tools'],
      ],
      commands: ['touch /made', 'id -un > /made'],
      entrypoint: [],
    });
    const { Config } = await docker.getImage(image).inspect();
    expect(Config).toMatchObject({
      User: 'flytekit',
      WorkingDir: '/root',
      Shell: ['/bin/bash', '-c'],
      Entrypoint: null,
    });
    expect(Config.Env.at(-1)).toBe(`_F_IMG_ID=${specId(job.spec)}`);
    expect(
      await run('id -un; pwd; stat -c %U /root /root/.venv /made; cat /made'),
    ).toBe(
      ['flytekit', '/root', 'flytekit', 'flytekit', 'root', 'root'].join('\n'),
    );
    expect(await run('command -v python pyflyte-execute')).toBe(
      '/root/.venv/bin/python\n/root/.venv/bin/pyflyte-execute',
    );
    expect(
      await run('echo $MY_NAME; echo $TOOLS; echo $PYTHONPATH $UV_PYTHON'),
    ).toMatch(
      /^two "words" and a \$\n\/root\/\.venv\/bin:.*:\/opt\/tools\n\/root \/root\/\.venv\/bin\/python$/,
    );
    expect(
      await run(
        'python -c "import six, flytekit; print(six.__version__, flytekit.__version__)"',
      ),
    ).toBe('1.17.0 1.16.31');
    expect(await run('bash -lc "command -v python"')).toBe(
      '/root/.venv/bin/python',
    );
    // The flytekit user may add to the environment.
    expect(await run('touch /root/.venv/x && echo yes')).toBe('yes');
  });
});

describe('a secret', () => {
  it('is there while packages are installed, and nowhere else', async () => {
    const { run, output } = await build(
      {
        ...PYTHON,
        ...SECRET,
        packages: ['flytekit==1.16.31'],
        commands: ['test ! -e /root/uv.toml -o ! -s /root/uv.toml'],
      },
      { secrets: [NO_DEPS] },
    );
    expect(
      await run(
        'ls /root/.venv/lib/*/site-packages | grep -c -e ^flytekit$ -e ^click$',
      ),
    ).toBe('1');
    expect(await run('cat /root/uv.toml 2>/dev/null | wc -c')).toBe('0');
    expect(output).not.toContain('no-deps = true');
  });

  it('that is missing ends the build', async () => {
    const { outcome, output } = await attempt({
      ...PYTHON,
      ...SECRET,
      // Not what another build has in the cache.
      packages: ['flytekit', 'six'],
    });
    expect(outcome.ok).toBe(false);
    expect(JSON.stringify(outcome) + output).toMatch(/secret/);
  });
});

describe('copies and sources', () => {
  const names = [
    'a b',
    "it's",
    '"quoted"',
    '$HOME',
    '${HOME}',
    '[a]*?',
    '{a,b}',
    '#x',
    '-x',
    '~',
    '<<EOF',
    'größe 日本',
    '!x',
    "'",
    ',',
  ];

  it('arrive under their own names, with their rights, as flytekit’s', async () => {
    const tree = treeOf({
      ...Object.fromEntries(
        names.map((name) => [`files/${name}`, `file ${name}`]),
      ),
      ...Object.fromEntries(
        names.map((name) => [`folder ${name}/in`, `folder ${name}`]),
      ),
      // Each would be taken too if a name were a pattern.
      'files/a': 'no',
      'files/ax': 'no',
      'app/main.py': 'print("main")',
      'app/run.sh': '#!/bin/sh\necho ran\n',
      'app/skip.pyc': 'no',
      'app/pkg/Dockerfile': 'FROM scratch',
      'data/deep/er.csv': '1',
    });
    const { run } = await build(
      {
        ...PYTHON,
        packages: ['flytekit @ file:///wheels/none ; python_version < "3"'],
        source_root: 'app',
        source_copy_mode: 'ALL',
        copy: [
          ...names.map((name) => `files/${name}`),
          ...names.map((name) => `folder ${name}`),
          './data/',
        ],
        commands: ['sh /root/run.sh > /ran'],
      },
      { tree },
    );
    expect(
      (await run('cd /root/files; for f in *; do cat -- "$f"; echo; done'))
        .split('\n')
        .sort(),
    ).toEqual(names.map((name) => `file ${name}`).sort());
    expect(
      (await run('cd /root; for f in folder*/in; do cat -- "$f"; echo; done'))
        .split('\n')
        .sort(),
    ).toEqual(names.map((name) => `folder ${name}`).sort());
    expect(
      await run(
        'cat /ran; python main.py; ./run.sh; ls -R /root/pkg /root/data; test ! -e skip.pyc',
      ),
    ).toBe(
      [
        'ran',
        'main',
        'ran',
        '/root/data:',
        'deep',
        '',
        '/root/data/deep:',
        'er.csv',
        '',
        '/root/pkg:',
        'Dockerfile',
      ].join('\n'),
    );
    expect(
      await run(
        'find /root/files /root/data /root/main.py /root/pkg ! -user flytekit | wc -l',
      ),
    ).toBe('0');
    expect(await run('ls /root/src /root/copy 2>&1 | grep -c "No such"')).toBe(
      '2',
    );
  });
});

describe('a lock file', () => {
  const project = (...dependencies: string[]) => `[project]
name = "app"
version = "0"
requires-python = ">=3.9"
dependencies = ${JSON.stringify(dependencies)}
`;
  // Poetry asks for more than an index of files, which may be all there is, so its lock is an empty one.
  const locks = lazy(async () => {
    const write = (text: string) =>
      `echo ${Buffer.from(text).toString('base64')} | base64 -d > pyproject.toml`;
    const { read } = await buildDockerfile(`FROM ${uv} AS uv
FROM ${base}
WORKDIR /app
RUN ${[CA_MOUNT_FLAG, ...UV_MOUNTS].join(' ')} ${CA_EXPORTS} uv venv --python /usr/bin/python3 /opt/poetry \\
    && uv pip install --python /opt/poetry/bin/python poetry \\
    && ${write(project('six==1.17.0'))} && uv lock --python /usr/bin/python3 \\
    && ${write(project())} && /opt/poetry/bin/poetry lock
`);
    return {
      'uv/uv.lock': await read('/app/uv.lock'),
      'uv/pyproject.toml': project('six==1.17.0'),
      'poetry/poetry.lock': await read('/app/poetry.lock'),
      'poetry/pyproject.toml': project(),
    };
  });

  it('of uv gives exactly what it names, in an environment of the flytekit user', async () => {
    const { run } = await build(
      { ...PYTHON, requirements: 'uv/uv.lock' },
      { files: await locks() },
    );
    expect(
      await run(
        'python -c "import six; print(six.__version__)"; ls -1 /root/.venv/lib/*/site-packages',
      ),
    ).toBe('1.17.0\n__pycache__\nsix-1.17.0.dist-info\nsix.py');
    expect(
      await run(
        'command -v python; find /root/.venv ! -user flytekit | wc -l; ls -A /root | grep -c -e toml -e lock || true',
      ),
    ).toBe(['/root/.venv/bin/python', '0', '0'].join('\n'));
  });

  it('of poetry makes such an environment too', async () => {
    const { run } = await build(
      { ...PYTHON, requirements: 'poetry/poetry.lock' },
      { files: await locks() },
    );
    expect(
      await run(
        'ls /opt/poetry/bin/poetry; python -c "import sys; print(sys.prefix)"; find /root/.venv ! -user flytekit | wc -l',
      ),
    ).toBe(['/opt/poetry/bin/poetry', '/root/.venv', '0'].join('\n'));
  });

  it('that does not fit its pyproject.toml ends the build', async () => {
    const { outcome, output } = await attempt(
      { ...PYTHON, requirements: 'uv/uv.lock' },
      {
        files: {
          ...(await locks()),
          'uv/pyproject.toml': project('six==1.16.0'),
        },
      },
    );
    expect(outcome.ok).toBe(false);
    expect(output).toContain('lockfile');
  });
});

describe('a base that is a spec', () => {
  it('is built first, taken by its digest, and keeps its packages', async () => {
    const fields = {
      name: 'base',
      ...PYTHON,
      base_image: base,
      packages: ['six==1.17.0', 'flytekit==1.16.31'],
      commands: ['echo base > /base'],
      ...SECRET,
    };
    const secrets = [NO_DEPS];
    const bottom = await build(fields, { secrets });
    const { run, job, input } = await build(
      {
        ...PYTHON,
        ...SECRET,
        base_image: fields,
        packages: ['flytekit==1.16.31', 'idna'],
      },
      { secrets, baseImage: await bottom.pin() },
    );
    expect(input.dockerfile).toMatch(/^FROM 127\.0\.0\.1:\d+\/\S+@sha256:/m);
    expect(
      await run(
        'cat /base; python -c "import six, idna; print(six.__version__)"; id -un; echo $_F_IMG_ID',
      ),
    ).toBe(['base', '1.17.0', 'flytekit', specId(job.spec)].join('\n'));
  });
});

describe('micromamba', () => {
  /**
   * A stand-in, because no image of micromamba can be had here: it makes an empty environment where micromamba would
   * solve one, refuses a second one as micromamba does, and writes down what it is asked. Real conda is not tested.
   */
  const standIn = lazy(async () => {
    const program = String.raw`#!/bin/sh
printf '[%s]' "$@" >> /opt/micromamba/asked; echo >> /opt/micromamba/asked
at=/opt/micromamba/envs/runtime
case $1 in
  create) test ! -e $at || exit 1
    mkdir -p $at/bin && ln -s /usr/bin/python3 $at/bin/python && echo 'home = /usr/bin' > $at/pyvenv.cfg ;;
esac`;
    const { pin } = await buildDockerfile(`FROM ${base}
LABEL org.example.stand-in="micromamba"
RUN echo ${Buffer.from(program).toString('base64')} | base64 -d > /usr/bin/micromamba && chmod +x /usr/bin/micromamba
`);
    return pin();
  });

  it('is asked for the environment, and again for that of a nested base, word by word', async () => {
    const made = { micromambaImage: await standIn(), secrets: [NO_DEPS] };
    const fields = {
      ...SECRET,
      name: 'base',
      base_image: base,
      python_version: '3.11',
      conda_packages: ['numpy>=2 scipy=1.*', 'a[build=x]'],
      conda_channels: ['nvidia', 'https://conda.example.com/$HOME;x&y'],
      packages: ['six==1.17.0', 'flytekit==1.16.31'],
    };
    const bottom = await build(fields, made);
    const words = (what: string) =>
      `[${what}][--yes][-n][runtime][--root-prefix][/opt/micromamba]` +
      '[-c][conda-forge][-c][nvidia][-c][https://conda.example.com/$HOME;x&y]' +
      '[python=3.11][numpy>=2][scipy=1.*][a[build=x]]';
    const first = ['[config][set][use_lockfiles][False]', words('create')];
    expect(await bottom.run('cat /opt/micromamba/asked')).toBe(
      first.join('\n'),
    );
    expect(
      await bottom.run(
        'command -v python; python -c "import six; print(six.__version__)"; stat -c %U /opt/micromamba/envs/runtime; test -s /etc/ssl/certs/ca-certificates.crt',
      ),
    ).toBe(
      ['/opt/micromamba/envs/runtime/bin/python', '1.17.0', 'flytekit'].join(
        '\n',
      ),
    );
    const top = await build(
      { ...fields, name: 'top', base_image: fields },
      { ...made, baseImage: await bottom.pin() },
    );
    expect(await top.run('cat /opt/micromamba/asked')).toBe(
      [...first, ...first, words('install')].join('\n'),
    );
  });
});

/** Made once, when a test first asks for it. */
function lazy<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
