import type { ImageSpec } from '@/lib/imagespec/schema';
import { splitShellWords } from '@/lib/imagespec/shell-words';
import type { Canonical } from './canonical-dockerfile';
import { AND, env, file, mount, one, run, UV, VENV } from './planned-steps';

/** The instructions that install the Python packages of a spec. */
export function plannedInstall(spec: ImageSpec): Canonical[] {
  const extra = splitShellWords(spec.pip_extra_args ?? '');
  const options = [
    ...(spec.pip_index ? ['--index-url', spec.pip_index] : []),
    ...(spec.pip_extra_index_url ?? []).flatMap((url) => [
      '--extra-index-url',
      url,
    ]),
    ...(extra.ok ? extra.words : []),
  ];
  const secrets = (spec.pip_secret_mounts ?? []).map(([, target], index) =>
    mount(
      'type=secret',
      `id=secret_${index}`,
      'required=true',
      `target=${target}`,
    ),
  );
  const owned = [AND, 'chown', '-R', 'flytekit', '/root/.venv'];
  const python = spec.python_exec ?? '';
  const isNested = typeof spec.base_image === 'object';
  const newVenv = [
    ...['uv', 'venv', ...(isNested ? ['--allow-existing'] : [])],
    ...['--python', python],
  ];
  const venv = python
    ? [...newVenv, '--system-site-packages', '/root/.venv', AND]
    : [];
  const name = spec.requirements?.split('/').at(-1);
  const inRoot = (step: Canonical) => [
    one('WORKDIR', '/root'),
    step,
    one('WORKDIR', '/'),
  ];
  const after = env(`PATH=${VENV}:\${PATH}`, `UV_PYTHON=${VENV}/python`);
  if (name === 'uv.lock') {
    const sync = [
      'uv',
      'sync',
      ...options,
      '--locked',
      '--no-dev',
      '--no-install-project',
    ];
    const mounts = [...UV, file('uv.lock'), file('pyproject.toml'), ...secrets];
    return [...inRoot(run(mounts, ...venv, ...sync, ...owned)), after];
  }
  if (name === 'poetry.lock') {
    const cache = mount(
      'type=cache',
      'id=imageyard-poetry',
      'mode=0777',
      'sharing=locked',
      'target=/tmp/poetry_cache',
    );
    const isExec = Boolean(spec.python_exec);
    const mounts = [
      cache,
      ...(isExec ? UV : []),
      file('poetry.lock'),
      file('pyproject.toml'),
      ...secrets,
    ];
    const poetry = isExec ? '/opt/poetry/bin/poetry' : 'poetry';
    const get = isExec
      ? [
          ...[...newVenv, '/opt/poetry', AND, 'uv', 'pip', 'install'],
          ...['--python', '/opt/poetry/bin/python', 'poetry'],
        ]
      : ['uv', 'pip', 'install', 'poetry'];
    return [
      run(UV, ...get),
      env(
        'POETRY_CACHE_DIR=/tmp/poetry_cache',
        'POETRY_VIRTUALENVS_IN_PROJECT=true',
      ),
      ...inRoot(
        run(
          mounts,
          ...venv,
          poetry,
          'install',
          ...options,
          '--no-root',
          ...owned,
        ),
      ),
      after,
    ];
  }
  const mounts = [...UV, file('requirements_uv.txt'), ...secrets];
  const wanted = ['--requirement', 'requirements_uv.txt'];
  if (!spec.python_exec) {
    return [run(mounts, 'uv', 'pip', 'install', ...options, ...wanted)];
  }
  const install = [
    'uv',
    'pip',
    'install',
    '--python',
    `${VENV}/python`,
    ...options,
    ...wanted,
  ];
  return inRoot(run(mounts, ...venv, ...install, ...owned));
}
