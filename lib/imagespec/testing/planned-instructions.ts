import type { ImageSpec } from '@/lib/imagespec/schema';
import { specId } from '@/lib/imagespec/tag';
import type { Canonical } from './canonical-dockerfile';
import { dockerTrim } from './dockerfile-reader';
import { plannedInstall } from './planned-install';
import { AND, env, mount, one, run, UV, VENV } from './planned-steps';
import { op } from './shell-reader';

/** How a planned image is made, where that is not the spec's to say. */
export type Planned = {
  spec: ImageSpec;
  baseImage: string;
  uvImage: string;
  micromambaImage: string;
  pythonVersion: string;
  /** Entries of `copy` that are folders. */
  isFolder: (entry: string) => boolean;
};

/** Every instruction that the image of a spec may have, written from the rules and apart from what writes Dockerfiles. */
export function plannedInstructions(plan: Planned): Canonical[] {
  const { spec } = plan;
  const isExec = Boolean(spec.python_exec);
  const copies = spec.copy ?? [];
  return [
    from(plan.uvImage, 'uv'),
    ...(isExec ? [] : [from(plan.micromambaImage, 'micromamba')]),
    from(plan.baseImage),
    one('WORKDIR', '/'),
    one('USER', 'root'),
    ...apt(spec),
    ...(isExec ? [] : [caBundle()]),
    run(
      [],
      'id',
      '-u',
      'flytekit',
      op('||'),
      'useradd',
      '--create-home',
      '--shell',
      '/bin/bash',
      'flytekit',
    ),
    run(
      [],
      'chown',
      '-R',
      'flytekit',
      '/root',
      AND,
      'chown',
      '-R',
      'flytekit',
      '/home',
    ),
    ...(isExec ? [] : [conda(plan)]),
    ...environment(spec, isExec),
    ...plannedInstall(spec),
    env(
      'PATH=${PATH}:/usr/local/nvidia/bin:/usr/local/cuda/bin',
      'LD_LIBRARY_PATH=/usr/local/nvidia/lib64:${LD_LIBRARY_PATH}',
    ),
    ...(spec.entrypoint
      ? [{ keyword: 'ENTRYPOINT', flags: [], args: spec.entrypoint }]
      : []),
    ...(spec.source_copy_mode === 'ALL' ? [copy('./src', '/root')] : []),
    ...copies.map((entry) => copyEntry(entry, plan.isFolder(entry))),
    ...commands(spec),
    one('WORKDIR', '/root'),
    { keyword: 'SHELL', flags: [], args: ['/bin/bash', '-c'] },
    one('USER', 'flytekit'),
    run(
      [],
      'mkdir',
      '-p',
      '$HOME',
      AND,
      'echo',
      'export PATH=$PATH',
      op('>>'),
      '$HOME/.profile',
    ),
    env(`_F_IMG_ID=${specId(spec)}`),
  ];
}

function apt({ apt_packages: names }: ImageSpec): Canonical[] {
  const words = names?.join(' ').split(/\s+/).filter(Boolean) ?? [];
  if (words.length === 0) return [];
  const cache = mount(
    'type=cache',
    'id=imageyard-apt',
    'mode=0777',
    'sharing=locked',
    'target=/var/cache/apt',
  );
  return [
    run(
      [cache],
      'apt-get',
      'update',
      AND,
      'apt-get',
      'install',
      '-y',
      '--no-install-recommends',
      ...words,
    ),
  ];
}

function caBundle(): Canonical {
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  return run(
    [
      mount(
        'type=bind',
        'from=micromamba',
        `source=${bundle}`,
        'target=/tmp/ca-certificates.crt',
      ),
    ],
    ...[
      'test',
      '-f',
      bundle,
      op('||'),
      '{',
      'mkdir',
      '-p',
      '/etc/ssl/certs',
      AND,
    ],
    ...['cp', '/tmp/ca-certificates.crt', bundle, op(';'), '}'],
  );
}

function conda({ spec, pythonVersion }: Planned): Canonical {
  const words = [
    ...['--yes', '-n', 'runtime', '--root-prefix', '/opt/micromamba'],
    ...['conda-forge', ...(spec.conda_channels ?? [])].flatMap((channel) => [
      '-c',
      channel,
    ]),
    `python=${pythonVersion}`,
    ...(spec.conda_packages?.join(' ').split(/\s+/).filter(Boolean) ?? []),
  ];
  return run(
    [
      mount(
        'type=cache',
        'id=imageyard-micromamba',
        'mode=0777',
        'sharing=locked',
        'target=/opt/micromamba/pkgs',
      ),
      mount(
        'type=bind',
        'from=micromamba',
        'source=/usr/bin/micromamba',
        'target=/usr/bin/micromamba',
      ),
    ],
    ...['micromamba', 'config', 'set', 'use_lockfiles', 'False', AND],
    ...[op('('), 'micromamba', 'create', ...words, op('||')],
    ...['micromamba', 'install', ...words, op(')'), AND],
    ...['chown', '-R', 'flytekit', '/opt/micromamba'],
  );
}

function environment(spec: ImageSpec, isExec: boolean): Canonical[] {
  const bin = isExec ? VENV : '/opt/micromamba/envs/runtime/bin';
  return [
    env(
      ...[`PATH=${bin}:\${PATH}`, `UV_PYTHON=${bin}/python`],
      ...[
        'UV_COMPILE_BYTECODE=1',
        'UV_LINK_MODE=copy',
        'FLYTE_SDK_RICH_TRACEBACKS=0',
      ],
      ...['SSL_CERT_DIR=/etc/ssl/certs', 'PYTHONPATH=/root'],
    ),
    ...(spec.env?.length
      ? [env(...spec.env.map(([key, value]) => `${key}=${variable(value)}`))]
      : []),
  ];
}

/** As README.md says: `$NAME` in its forms is a reference, `\\$` a dollar sign, all else plain. */
function variable(value: string): string {
  return value.replace(
    /\\\$|\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?::([-+])([^${}"'`\\]*))?\}/g,
    (whole, plain?: string, braced?: string, sign?: string, other?: string) => {
      if (whole === '\\$') return '$';
      return sign === '+' ? (other ?? '') : `\${${plain ?? braced ?? ''}}`;
    },
  );
}

function commands({ commands: list = [] }: ImageSpec): Canonical[] {
  if (list.length === 0) return [];
  const [first = '', ...rest] = list.map((line) =>
    line.replace(/\\\r?\n/g, ''),
  );
  const opening = /^\s*[-[#]/.test(first) ? `true; ${first}` : first;
  // A shell's line, kept as it is.
  return [run(UV, dockerTrim([opening, ...rest].join('     && ')))];
}

function copyEntry(entry: string, isFolder: boolean): Canonical {
  const parts = entry.split('/').filter((part) => !['', '.'].includes(part));
  const pattern = ['copy', ...parts].join('/').replace(/[*?[]/g, '[$&]');
  const folder = isFolder ? parts : parts.slice(0, -1);
  return copy(pattern, `${['/root', ...folder].join('/')}/`);
}

function copy(source: string, target: string): Canonical {
  return {
    keyword: 'COPY',
    flags: ['--chown=flytekit'],
    args: [source, target],
  };
}

function from(image: string, stage?: string): Canonical {
  const isStage = ['uv', 'micromamba'].includes(image);
  const name = isStage ? `docker.io/library/${image}` : image;
  return {
    keyword: 'FROM',
    flags: [],
    args: stage ? [name, 'AS', stage] : [name],
  };
}
