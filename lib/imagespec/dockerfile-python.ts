import type { BuildPlan, InstallPlan, PythonPlan } from './build-plan';
import { shellWord } from './dockerfile-quote';
import {
  bindMount,
  CONTINUE,
  instruction,
  run,
  UV_MOUNTS,
} from './dockerfile-run';

const REQUIREMENTS_FILE = 'requirements_uv.txt';
const RUNTIME = '/opt/micromamba/envs/runtime/bin';
const VENV_FOLDER = '/root/.venv';
const VENV = `${VENV_FOLDER}/bin`;
const OWN_VENV = `chown -R flytekit ${VENV_FOLDER}`;
/** Of the base's Python, where poetry cannot go into an environment of micromamba. */
const POETRY = '/opt/poetry';

/** The files that the install step reads, name in the context → text. */
export function installFiles({ install }: BuildPlan): [string, string][] {
  return install.kind === 'requirements'
    ? [[REQUIREMENTS_FILE, install.lines.join('\n')]]
    : [
        [`${install.kind}.lock`, install.lock],
        ['pyproject.toml', install.pyproject],
      ];
}

/** The environment of micromamba, with its conda packages. */
export function condaEnvironment({ python }: BuildPlan, withCa: boolean) {
  if (python.kind === 'exec') return [];
  const channels = ['conda-forge', ...python.channels];
  const target = [
    '-n runtime --root-prefix /opt/micromamba',
    ...channels.map((channel) => `-c ${shellWord(channel)}`),
    `python=${python.version}`,
  ].join(' ');
  const packages = python.packages.map(
    (name) => `${CONTINUE}    ${shellWord(name)}`,
  );
  const words = [target, ...packages].join('');
  return [
    run(
      [
        '--mount=type=cache,sharing=locked,mode=0777,target=/opt/micromamba/pkgs,id=imageyard-micromamba',
        '--mount=from=micromamba,source=/usr/bin/micromamba,target=/usr/bin/micromamba',
      ],
      [
        'micromamba config set use_lockfiles False',
        // A base that is itself such an image has the environment already.
        `( micromamba create --yes ${words} || micromamba install --yes ${words} )`,
        'chown -R flytekit /opt/micromamba',
      ],
      withCa,
    ),
  ];
}

/** Where the image's programs and its Python are. */
export function pythonBin({ python }: BuildPlan): string {
  return python.kind === 'exec' ? VENV : RUNTIME;
}

/** The Python packages. Only the steps here see the secrets. */
export function pythonPackages(plan: BuildPlan, withCa: boolean): string[] {
  const { install } = plan;
  switch (install.kind) {
    case 'requirements':
      return fromRequirements(plan, withCa);
    case 'uv':
      return fromUvLock(plan, install, withCa);
    case 'poetry':
      return fromPoetryLock(plan, install, withCa);
  }
}

function fromRequirements(plan: BuildPlan, withCa: boolean): string[] {
  const mounts = [
    ...UV_MOUNTS,
    bindMount(REQUIREMENTS_FILE),
    ...secretMounts(plan),
  ];
  const wanted = `--requirement ${REQUIREMENTS_FILE}`;
  if (plan.python.kind === 'micromamba') {
    const install = command(['uv pip install', ...args(plan), wanted]);
    return [run(mounts, [install], withCa)];
  }
  return [
    'WORKDIR /root',
    run(
      mounts,
      [
        ...venvOfBase(plan),
        command([
          `uv pip install --python ${VENV}/python`,
          ...args(plan),
          wanted,
        ]),
        OWN_VENV,
      ],
      withCa,
    ),
    'WORKDIR /',
  ];
}

type ExecPlan = Extract<PythonPlan, { kind: 'exec' }>;
type LockPlan = Exclude<InstallPlan, { kind: 'requirements' }>;

function fromUvLock(plan: BuildPlan, lock: LockPlan, withCa: boolean) {
  const sync = command([
    'uv sync',
    ...args(plan),
    '--locked --no-dev --no-install-project',
  ]);
  return [
    'WORKDIR /root',
    run(
      [...UV_MOUNTS, ...lockMounts(lock), ...secretMounts(plan)],
      [...venvOfBase(plan), sync, OWN_VENV],
      withCa,
    ),
    'WORKDIR /',
    lockEnvironment(),
  ];
}

/** Poetry does not install into `/`, so it works in `/root`, where its environment then is. */
function fromPoetryLock(plan: BuildPlan, lock: LockPlan, withCa: boolean) {
  const { python } = plan;
  const poetry =
    python.kind === 'exec'
      ? [
          `${newVenv(python)} ${POETRY}`,
          `uv pip install --python ${POETRY}/bin/python poetry`,
        ]
      : ['uv pip install poetry'];
  const program = python.kind === 'exec' ? `${POETRY}/bin/poetry` : 'poetry';
  return [
    run(UV_MOUNTS, poetry, withCa),
    instruction('ENV', [
      'POETRY_CACHE_DIR=/tmp/poetry_cache',
      'POETRY_VIRTUALENVS_IN_PROJECT=true',
    ]),
    'WORKDIR /root',
    run(
      [
        '--mount=type=cache,sharing=locked,mode=0777,target=/tmp/poetry_cache,id=imageyard-poetry',
        ...(python.kind === 'exec' ? UV_MOUNTS : []),
        ...lockMounts(lock),
        ...secretMounts(plan),
      ],
      [
        ...venvOfBase(plan),
        command([`${program} install`, ...args(plan), '--no-root']),
        OWN_VENV,
      ],
      withCa,
    ),
    'WORKDIR /',
    lockEnvironment(),
  ];
}

function lockMounts({ kind }: LockPlan): string[] {
  return [bindMount(`${kind}.lock`), bindMount('pyproject.toml')];
}

/** After the other variables, because only now the environment is there. */
function lockEnvironment(): string {
  return instruction('ENV', [
    `PATH="${VENV}:$PATH"`,
    `UV_PYTHON=${VENV}/python`,
  ]);
}

/** A virtual environment that sees what the base image brings, such as a vendor's build of a library. */
function venvOfBase({ python }: BuildPlan): string[] {
  return python.kind === 'exec'
    ? [`${newVenv(python)} --system-site-packages ${VENV_FOLDER}`]
    : [];
}

/** That of a base that is a spec stays, with its packages; older releases of uv would replace it, newer ones fail. */
function newVenv({ path, isNested }: ExecPlan): string {
  const existing = isNested ? '--allow-existing ' : '';
  return `uv venv ${existing}--python ${shellWord(path)}`;
}

function secretMounts({ secretTargets }: BuildPlan): string[] {
  return secretTargets.map(
    (target, index) =>
      `--mount=type=secret,id=secret_${index},target=${target},required=true`,
  );
}

function args({ installArgs }: BuildPlan): string[] {
  return installArgs.map((group) => group.map(shellWord).join(' '));
}

/** One line when it is short, a part a line otherwise. */
function command(parts: readonly string[]): string {
  return parts.join(parts.length > 2 ? `${CONTINUE}    ` : ' ');
}
