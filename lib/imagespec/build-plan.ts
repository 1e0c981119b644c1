import { toCopyPlan, type CopyPlan } from './copy-plan';
import {
  DEFAULT_BASE_IMAGE,
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_MICROMAMBA_IMAGE,
  DEFAULT_PYTHON_VERSION,
  DEFAULT_UV_IMAGE,
} from './defaults';
import { SpecError } from './errors';
import { imageRule } from './field-rules';
import { entryWords } from './package-rules';
import { pyRepr } from './python-repr';
import { toInstallPlan, type InstallPlan } from './requirements';
import type { ImageSpec, SpecFiles } from './schema';
import { splitShellWords } from './shell-words';
import type { ProjectTree } from './tree';

export type BuildOptions = {
  /** The text of every file the spec names: its requirements, or its lock file and the pyproject.toml beside that. */
  files?: SpecFiles;
  /** The project, when the spec copies from it (`copiesProject`). */
  tree?: ProjectTree;
  /**
   * For a preview, instead of `tree`: its paths, or `null` when not even they are known. The text is that of the build,
   * or a guess that the notes name; the project's files are then missing in the context.
   */
  treePaths?: readonly string[] | null;
  /** The image of a base that is a spec, with its digest. */
  baseImage?: string;
  /** Team-wide helper images. They win over the spec's `builder_config`, which stays part of the tag. */
  uvImage?: string | null;
  micromambaImage?: string | null;
  /** The flytekit to install when the packages name none. */
  flytekitVersion?: string;
};

/** Where the image's Python comes from: a new environment, or a virtual one on an interpreter of the base image. */
export type PythonPlan =
  | {
      kind: 'micromamba';
      version: string;
      micromambaImage: string;
      channels: string[];
      packages: string[];
    }
  | {
      kind: 'exec';
      path: string;
      /** Whether the base is a spec, whose virtual environment goes on. */
      isNested: boolean;
    };

export type { InstallPlan };

/** Everything a build takes from outside the spec's own text, with the defaults filled in. */
export type BuildPlan = CopyPlan & {
  baseImage: string;
  uvImage: string;
  python: PythonPlan;
  install: InstallPlan;
  /** Options of the installing program, each with its value. */
  installArgs: string[][];
  /** Where the secrets stand while packages are installed. */
  secretTargets: string[];
};

// The environment's words stand twice in one argument of `sh -c`, which holds at most 128 KiB.
const MAX_CONDA_LENGTH = 48 * 1024;

/**
 * Decides what an image is made from. Throws `SPEC_INVALID` for what no build can have (`cuda`, conda beside
 * `python_exec`, modules that only running code can know), for files that are not given, and for options that are no
 * image reference or version.
 */
export function toBuildPlan(spec: ImageSpec, options: BuildOptions): BuildPlan {
  const { files = {}, flytekitVersion = DEFAULT_FLYTEKIT_VERSION } = options;
  if (!/^\d[0-9A-Za-z.+!-]*$/.test(flytekitVersion)) {
    throw invalid('flytekit_version', 'Write a released version of flytekit.');
  }
  refuseCuda(spec);
  const helpers = new Map(spec.builder_config ?? []);
  return {
    baseImage: baseImage(spec, options),
    uvImage: image(
      'uv_image',
      options.uvImage ?? helpers.get('uv_image') ?? DEFAULT_UV_IMAGE,
    ),
    python: pythonPlan(
      spec,
      options.micromambaImage ??
        helpers.get('micromamba_image') ??
        DEFAULT_MICROMAMBA_IMAGE,
    ),
    install: toInstallPlan(spec, files, flytekitVersion),
    installArgs: installArgs(spec),
    secretTargets: (spec.pip_secret_mounts ?? []).map(([, target]) => target),
    ...toCopyPlan(spec, options),
  };
}

/** flytekit's builder refuses these too, even when they are empty. */
function refuseCuda(spec: ImageSpec): void {
  for (const field of ['cuda', 'cudnn'] as const) {
    if (spec[field] === undefined) continue;
    throw invalid(
      field,
      `Remove ${field}: wheels of GPU libraries bring their own. Otherwise take a base image with CUDA, or conda packages of the channel nvidia.`,
    );
  }
}

function pythonPlan(spec: ImageSpec, micromambaImage: string): PythonPlan {
  const channels = spec.conda_channels ?? [];
  const packages = (spec.conda_packages ?? []).flatMap(entryWords);
  if (spec.python_exec) {
    for (const field of ['conda_channels', 'conda_packages'] as const) {
      if (!spec[field]?.length) continue;
      throw invalid(
        field,
        `Remove ${field}, or python_exec: conda installs into a Python of its own, not into that of the base image.`,
      );
    }
    const isNested = typeof spec.base_image === 'object';
    return { kind: 'exec', path: spec.python_exec, isNested };
  }
  if ([...channels, ...packages].join(' ').length > MAX_CONDA_LENGTH) {
    throw invalid(
      'conda_packages',
      'With their channels these are longer than 48 KiB. Put some of them into the base image.',
    );
  }
  return {
    kind: 'micromamba',
    version: pythonVersion(spec) || DEFAULT_PYTHON_VERSION,
    micromambaImage: image('micromamba_image', micromambaImage),
    channels,
    packages,
  };
}

function installArgs(spec: ImageSpec): string[][] {
  const words = splitShellWords(spec.pip_extra_args ?? '');
  if (!words.ok) throw invalid('pip_extra_args', words.message);
  return [
    ...(spec.pip_index ? [['--index-url', spec.pip_index]] : []),
    ...(spec.pip_extra_index_url ?? []).map((url) => [
      '--extra-index-url',
      url,
    ]),
    ...(words.words.length > 0 ? [words.words] : []),
  ];
}

function baseImage({ base_image: base }: ImageSpec, options: BuildOptions) {
  if (typeof base !== 'object') return base || DEFAULT_BASE_IMAGE;
  if (options.baseImage) return image('base_image', options.baseImage);
  throw invalid('base_image', 'The base image must be built first.');
}

/** As text: `str()` of a number is what flytekit passes on. */
export function pythonVersion({ python_version: version }: ImageSpec): string {
  return typeof version === 'object' ? pyRepr(version) : (version ?? '');
}

function image(field: string, reference: string): string {
  const fault = imageRule(reference);
  if (fault !== undefined) throw invalid(field, `${field}: ${fault}`);
  return reference;
}

function invalid(field: string, message: string): SpecError {
  return new SpecError(message, { [field]: message });
}
