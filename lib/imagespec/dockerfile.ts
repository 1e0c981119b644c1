import { toBuildPlan, type BuildOptions, type BuildPlan } from './build-plan';
import { CA_EXPORTS, CA_FILES, CA_MOUNT_FLAG } from './ca-certificates';
import { quoteEnv, shellWord } from './dockerfile-quote';
import { buildNotes, type BuildNote } from './build-notes';
import { entryWords, joinContinuedLines } from './package-rules';
import type { ImageSpec } from './schema';
import { specId } from './tag';

export type DockerfileOptions = BuildOptions & {
  /** The worker adds its CA certificates to the steps that use the network. The preview leaves this off. */
  caCertificates?: boolean;
};

export type Dockerfile = {
  text: string;
  /** Files of the build context, path → text. With CA certificates the worker adds `CA_BUNDLE_FILE`. */
  files: Record<string, string>;
  notes: BuildNote[];
};

const REQUIREMENTS_FILE = 'requirements_uv.txt';
const STAGES = ['uv', 'micromamba'];
const UV_MOUNTS = [
  '--mount=type=cache,sharing=shared,mode=0777,target=/root/.cache/uv,id=imageyard-uv',
  '--mount=from=uv,source=/uv,target=/usr/bin/uv',
];
const REQUIREMENTS_MOUNT = `--mount=type=bind,source=${REQUIREMENTS_FILE},target=${REQUIREMENTS_FILE}`;
const RUNTIME = '/opt/micromamba/envs/runtime/bin';
const VENV = '/root/.venv/bin';
const CONTINUE = ' \\\n    ';

/**
 * The Dockerfile of a spec: what flytekit 1.16's default builder runs, instruction by instruction, with its faults
 * mended (README.md lists them). The text is the same for the same input, uses only what BuildKit's frontend of Docker
 * 20.10 knows, and no field can add an instruction or an option. Throws as `toBuildPlan`.
 */
export function toDockerfile(
  spec: ImageSpec,
  options: DockerfileOptions = {},
): Dockerfile {
  const plan = toBuildPlan(spec, options);
  const { caCertificates = false } = options;
  const sections = [
    stages(plan),
    [`FROM ${image(plan.baseImage)}`, 'WORKDIR /', 'USER root'],
    aptPackages(spec, caCertificates),
    caBundle(plan),
    user(),
    python(plan, caCertificates),
    environment(spec, plan),
    packages(plan, caCertificates),
    [
      instruction('ENV', [
        'PATH="$PATH:/usr/local/nvidia/bin:/usr/local/cuda/bin"',
        'LD_LIBRARY_PATH="/usr/local/nvidia/lib64:$LD_LIBRARY_PATH"',
      ]),
    ],
    commands(spec, caCertificates),
    [
      'WORKDIR /root',
      'SHELL ["/bin/bash", "-c"]',
      'USER flytekit',
      'RUN mkdir -p $HOME && echo "export PATH=$PATH" >> $HOME/.profile',
    ],
    // Last, so that another id does not run every step again.
    [`ENV _F_IMG_ID=${specId(spec)}`],
  ];
  return {
    text: `${sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`,
    files: {
      [REQUIREMENTS_FILE]: plan.requirements.join('\n'),
      ...(caCertificates ? CA_FILES : {}),
    },
    notes: buildNotes(spec, plan),
  };
}

function stages({ uvImage, python }: BuildPlan): string[] {
  return [
    `FROM ${image(uvImage)} AS uv`,
    ...(python.kind === 'micromamba'
      ? [`FROM ${image(python.micromambaImage)} AS micromamba`]
      : []),
  ];
}

/** An image whose name is a stage's would be read as that stage. */
function image(reference: string): string {
  return STAGES.includes(reference)
    ? `docker.io/library/${reference}`
    : reference;
}

function aptPackages(spec: ImageSpec, withCa: boolean): string[] {
  const names = (spec.apt_packages ?? []).flatMap(entryWords).map(shellWord);
  if (names.length === 0) return [];
  return [
    run(
      [
        '--mount=type=cache,sharing=locked,mode=0777,target=/var/cache/apt,id=imageyard-apt',
      ],
      [
        'apt-get update',
        ['apt-get install -y --no-install-recommends', ...names].join(
          `${CONTINUE}    `,
        ),
      ],
      withCa,
    ),
  ];
}

/** Without micromamba there is no image to take a bundle from; the base then keeps what it has. */
function caBundle({ python }: BuildPlan): string[] {
  if (python.kind === 'exec') return [];
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  return [
    run(
      [
        `--mount=from=micromamba,source=${bundle},target=/tmp/ca-certificates.crt`,
      ],
      [
        `test -f ${bundle} || { mkdir -p /etc/ssl/certs`,
        `cp /tmp/ca-certificates.crt ${bundle}; }`,
      ],
      false,
    ),
  ];
}

function user(): string[] {
  return [
    'RUN id -u flytekit || useradd --create-home --shell /bin/bash flytekit',
    'RUN chown -R flytekit /root && chown -R flytekit /home',
  ];
}

function python({ python: plan }: BuildPlan, withCa: boolean): string[] {
  if (plan.kind === 'exec') return [];
  const target = `-n runtime --root-prefix /opt/micromamba -c conda-forge python=${plan.version}`;
  return [
    run(
      [
        '--mount=type=cache,sharing=locked,mode=0777,target=/opt/micromamba/pkgs,id=imageyard-micromamba',
        '--mount=from=micromamba,source=/usr/bin/micromamba,target=/usr/bin/micromamba',
      ],
      [
        'micromamba config set use_lockfiles False',
        // A base that is itself such an image has the environment already.
        `( micromamba create --yes ${target} || micromamba install --yes ${target} )`,
        'chown -R flytekit /opt/micromamba',
      ],
      withCa,
    ),
  ];
}

/** The user's variables follow in an instruction of their own, so that `$PATH` in them holds the installed Python. */
function environment(spec: ImageSpec, { python: plan }: BuildPlan): string[] {
  const bin = plan.kind === 'exec' ? VENV : RUNTIME;
  const own = (spec.env ?? []).map(
    ([key, value]) => `${key}=${quoteEnv(value)}`,
  );
  return [
    instruction('ENV', [
      `PATH="${bin}:$PATH"`,
      `UV_PYTHON=${bin}/python`,
      'UV_COMPILE_BYTECODE=1',
      'UV_LINK_MODE=copy',
      'FLYTE_SDK_RICH_TRACEBACKS=0',
      'SSL_CERT_DIR=/etc/ssl/certs',
      'PYTHONPATH=/root',
    ]),
    ...(own.length > 0 ? [instruction('ENV', own)] : []),
  ];
}

function packages({ python: plan }: BuildPlan, withCa: boolean): string[] {
  const mounts = [...UV_MOUNTS, REQUIREMENTS_MOUNT];
  if (plan.kind === 'micromamba') {
    const install = `uv pip install --requirement ${REQUIREMENTS_FILE}`;
    return [run(mounts, [install], withCa)];
  }
  return [
    'WORKDIR /root',
    run(
      mounts,
      [
        `uv venv --python ${shellWord(plan.path)} --system-site-packages /root/.venv`,
        `uv pip install --python ${VENV}/python --requirement ${REQUIREMENTS_FILE}`,
        'chown -R flytekit /root/.venv',
      ],
      withCa,
    ),
    'WORKDIR /',
  ];
}

function commands(spec: ImageSpec, withCa: boolean): string[] {
  if (!spec.commands || spec.commands.length === 0) return [];
  const [first = '', ...rest] = spec.commands.map(joinContinuedLines);
  // Docker would read "--" as an option of RUN, "[" as its JSON form and "#" as a comment.
  const opening = /^\s*[-[#]/.test(first) ? `true; ${first}` : first;
  return [run(UV_MOUNTS, [opening, ...rest], withCa)];
}

/** One RUN whose steps all must succeed. */
function run(mounts: string[], steps: string[], withCa: boolean): string {
  const [first = '', ...rest] = steps;
  return instruction('RUN', [
    ...(withCa ? [CA_MOUNT_FLAG, ...mounts, CA_EXPORTS] : mounts),
    first,
    ...rest.map((step) => `&& ${step}`),
  ]);
}

function instruction(keyword: string, lines: readonly string[]): string {
  return `${keyword} ${lines.join(CONTINUE)}`;
}
