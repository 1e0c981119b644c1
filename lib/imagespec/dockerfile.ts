import { toBuildPlan, type BuildOptions, type BuildPlan } from './build-plan';
import { CA_FILES } from './ca-certificates';
import { copyPath, jsonForm, quoteEnv, shellWord } from './dockerfile-quote';
import {
  condaEnvironment,
  installFiles,
  pythonBin,
  pythonPackages,
} from './dockerfile-python';
import { CONTINUE, instruction, run, UV_MOUNTS } from './dockerfile-run';
import { buildNotes, type BuildNote } from './build-notes';
import { entryWords, joinContinuedLines } from './package-rules';
import type { ImageSpec } from './schema';
import { specId } from './tag';
import type { ProjectFile } from './tree';

export type DockerfileOptions = BuildOptions & {
  /** The worker adds its CA certificates to the steps that use the network. The preview leaves this off. */
  caCertificates?: boolean;
};

export type Dockerfile = {
  text: string;
  /**
   * The build context, path → text made here or a file of the project. With CA certificates the worker adds
   * `CA_BUNDLE_FILE`. A preview without `tree` lacks the project's files.
   */
  files: ReadonlyMap<string, string | ProjectFile>;
  notes: BuildNote[];
};

const STAGES = ['uv', 'micromamba'];

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
    condaEnvironment(plan, caCertificates),
    environment(spec, plan),
    pythonPackages(plan, caCertificates),
    [
      instruction('ENV', [
        'PATH="$PATH:/usr/local/nvidia/bin:/usr/local/cuda/bin"',
        'LD_LIBRARY_PATH="/usr/local/nvidia/lib64:$LD_LIBRARY_PATH"',
      ]),
    ],
    entrypoint(spec),
    copies(plan),
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
    files: new Map<string, string | ProjectFile>([
      ...installFiles(plan),
      ...(caCertificates ? Object.entries(CA_FILES) : []),
      ...plan.projectFiles,
    ]),
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

/** The user's variables follow in an instruction of their own, so that `$PATH` in them holds the installed Python. */
function environment(spec: ImageSpec, plan: BuildPlan): string[] {
  const bin = pythonBin(plan);
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

/** An empty list takes the base image's away. */
function entrypoint({ entrypoint: words }: ImageSpec): string[] {
  return words ? [`ENTRYPOINT ${jsonForm(words)}`] : [];
}

/** The code first, as in flytekit, so that an entry of `copy` may replace a file of it. */
function copies({ copiesSource, copies: entries }: BuildPlan): string[] {
  return [
    ...(copiesSource ? ['COPY --chown=flytekit ./src /root'] : []),
    ...entries.map(({ source, target }) => {
      const from = ['copy', ...(source === '' ? [] : [source])].join('/');
      const paths = [copyPath(from, 'source'), copyPath(target, 'target')];
      return `COPY --chown=flytekit ${jsonForm(paths)}`;
    }),
  ];
}

function commands(spec: ImageSpec, withCa: boolean): string[] {
  if (!spec.commands || spec.commands.length === 0) return [];
  const [first = '', ...rest] = spec.commands.map(joinContinuedLines);
  // Docker would read "--" as an option of RUN, "[" as its JSON form and "#" as a comment.
  const opening = /^\s*[-[#]/.test(first) ? `true; ${first}` : first;
  return [run(UV_MOUNTS, [opening, ...rest], withCa)];
}
