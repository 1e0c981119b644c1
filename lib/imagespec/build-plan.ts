import {
  DEFAULT_BASE_IMAGE,
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_MICROMAMBA_IMAGE,
  DEFAULT_PYTHON_VERSION,
  DEFAULT_UV_IMAGE,
} from './defaults';
import { SpecError } from './errors';
import { pyRepr } from './python-repr';
import { imageRule } from './field-rules';
import { requirementLines } from './requirements';
import type { ImageSpec, SpecFiles } from './schema';

export type BuildOptions = {
  /** The text of every file the spec names. */
  files?: SpecFiles;
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
  | { kind: 'micromamba'; version: string; micromambaImage: string }
  | { kind: 'exec'; path: string };

/** Everything a build takes from outside the spec's own text, with the defaults filled in. */
export type BuildPlan = {
  baseImage: string;
  uvImage: string;
  python: PythonPlan;
  requirements: string[];
};

const NOT_BUILT = [
  'source_root',
  'conda_packages',
  'conda_channels',
  'cuda',
  'cudnn',
  'pip_index',
  'pip_extra_index_url',
  'pip_secret_mounts',
  'pip_extra_args',
  'entrypoint',
  'source_copy_mode',
  'copy',
] as const;

/**
 * Decides what an image is made from. Throws `SPEC_INVALID` for what flytekit can build and Imageyard cannot yet, for a
 * requirements file without its text, and for options that are no image reference or version.
 */
export function toBuildPlan(spec: ImageSpec, options: BuildOptions): BuildPlan {
  const { files = {}, flytekitVersion = DEFAULT_FLYTEKIT_VERSION } = options;
  if (!/^\d[0-9A-Za-z.+!-]*$/.test(flytekitVersion)) {
    throw invalid('flytekit_version', 'Write a released version of flytekit.');
  }
  for (const field of NOT_BUILT) {
    if (spec[field] !== undefined) {
      throw invalid(field, `Imageyard does not build ${field} yet.`);
    }
  }
  const helpers = new Map(spec.builder_config ?? []);
  return {
    baseImage: baseImage(spec, options),
    uvImage: helper(
      'uv_image',
      options.uvImage ?? helpers.get('uv_image') ?? DEFAULT_UV_IMAGE,
    ),
    python: spec.python_exec
      ? { kind: 'exec', path: spec.python_exec }
      : {
          kind: 'micromamba',
          version: pythonVersion(spec) || DEFAULT_PYTHON_VERSION,
          micromambaImage: helper(
            'micromamba_image',
            options.micromambaImage ??
              helpers.get('micromamba_image') ??
              DEFAULT_MICROMAMBA_IMAGE,
          ),
        },
    requirements: requirementLines(spec, files, flytekitVersion),
  };
}

function baseImage({ base_image: base }: ImageSpec, options: BuildOptions) {
  if (typeof base !== 'object') return base || DEFAULT_BASE_IMAGE;
  if (options.baseImage) return options.baseImage;
  throw invalid('base_image', 'The base image must be built first.');
}

/** As text: `str()` of a number is what flytekit passes on. */
export function pythonVersion({ python_version: version }: ImageSpec): string {
  return typeof version === 'object' ? pyRepr(version) : (version ?? '');
}

function helper(field: string, image: string): string {
  const fault = imageRule(image);
  if (fault !== undefined) throw invalid(field, `${field}: ${fault}`);
  return image;
}

function invalid(field: string, message: string): SpecError {
  return new SpecError(message, { [field]: message });
}
