import { z } from 'zod';
import { SpecError } from './errors';
import { copyRule } from './copy-rules';
import {
  clip,
  entrypointRule,
  envKeyRule,
  imageRule,
  nameRule,
  platformRule,
  pythonExecRule,
  pythonVersionRule,
  registryRule,
  requirementsRule,
  singleLine,
} from './field-rules';
import {
  condaChannelRule,
  condaPackageRule,
  indexRule,
  pipArgumentsRule,
  secretSourceRule,
  secretTargetRule,
} from './install-rules';
import { aptPackageRule, commandRule, packageRule } from './package-rules';
import {
  emptyOr,
  HelperPair,
  list,
  pairs,
  PyLiteral,
  PyNumber,
  text,
} from './schema-parts';
import { tagFormatRule } from './tag-format';

const MAX_REPOSITORY = 255;
// The kernel takes at most 128 KiB in one argument, and a list becomes one `sh -c`.
const MAX_SHELL_BYTES = 96 * 1024;
const MAX_ENV_BYTES = 256 * 1024;

const EnvPair = z.tuple([text(255, envKeyRule), text(8192, singleLine)]);

/** Members of flytekit's `CopyFileDetection`, in the order of their numbers from 1. */
export const SOURCE_COPY_MODES = ['LOADED_MODULES', 'ALL', 'NO_COPY'] as const;
/** A base that is a spec may have a base that is a spec, and so on, this often. */
const MAX_NESTED = 4;

const shape = {
  version: z.literal(1).default(1),
  name: text(MAX_REPOSITORY, nameRule).default('flytekit'),
  python_version: z.union([text(20, pythonVersionRule), PyNumber]).optional(),
  builder: text(100, singleLine).optional(),
  source_root: text(1024, singleLine).optional(),
  env: pairs(EnvPair, 500).optional(),
  registry: text(MAX_REPOSITORY, registryRule).optional(),
  packages: list(text(2048, packageRule), 1000).optional(),
  conda_packages: list(text(512, condaPackageRule), 1000).optional(),
  conda_channels: list(text(512, condaChannelRule), 50).optional(),
  requirements: text(1024, requirementsRule).optional(),
  apt_packages: list(text(512, aptPackageRule), 1000).optional(),
  cuda: text(50, singleLine).optional(),
  cudnn: text(50, singleLine).optional(),
  platform: text(200, platformRule).optional(),
  pip_index: text(2048, emptyOr(indexRule)).optional(),
  pip_extra_index_url: list(text(2048, indexRule), 50).optional(),
  /** File on the laptop that registers, path in the image: the source names one of the team's secrets. */
  pip_secret_mounts: list(
    z.tuple([text(1024, secretSourceRule), text(1024, secretTargetRule)]),
    50,
  ).optional(),
  pip_extra_args: text(4096, pipArgumentsRule).optional(),
  registry_config: text(1024, singleLine).optional(),
  entrypoint: list(text(8192, entrypointRule), 100).optional(),
  commands: list(text(16_384, commandRule), 500).optional(),
  tag_format: text(200, tagFormatRule).optional(),
  source_copy_mode: z
    .enum(SOURCE_COPY_MODES, {
      error: 'Choose LOADED_MODULES, ALL or NO_COPY.',
    })
    .optional(),
  copy: list(text(1024, copyRule), 500).optional(),
  python_exec: text(512, pythonExecRule).optional(),
  runtime_packages: list(text(2048, packageRule), 200).optional(),
  builder_options: pairs(
    z.tuple([text(255, singleLine), PyLiteral]),
    100,
  ).optional(),
  builder_config: pairs(HelperPair, 2).optional(),
};

type PlainFields = z.infer<z.ZodObject<typeof shape, z.core.$strict>>;

/**
 * One image as flytekit's `ImageSpec` describes it, with flytekit's field names. The form, the stored revision, the
 * worker's job and the Dockerfile all use this definition.
 *
 * A field left out and an empty one are different things: flytekit hashes `packages=[]` but not `packages=None`.
 * `env`, `builder_options` and `builder_config` are pairs, because their order is part of the tag and objects reorder
 * keys like "10". A base image that is a spec stands in place, whole: what a revision asks for never changes.
 */
export type ImageSpec = PlainFields & {
  base_image?: string | ImageSpec | undefined;
};

export const ImageSpec: z.ZodType<ImageSpec> = specSchema(MAX_NESTED);

function specSchema(depth: number): z.ZodType<ImageSpec> {
  const base = text(512, emptyOr(imageRule));
  const nested = z.lazy(() =>
    depth > 0
      ? specSchema(depth - 1)
      : z.never({ error: `Nest specs at most ${MAX_NESTED} deep.` }),
  );
  return z
    .strictObject(
      { ...shape, base_image: z.union([base, nested]).optional() },
      { error: unknownKeys },
    )
    .superRefine(checkTogether);
}

function checkTogether(spec: PlainFields, context: z.RefinementCtx): void {
  const repository = `${spec.registry ?? ''}/${spec.name}`;
  if (repository.length > MAX_REPOSITORY) {
    const message = `Shorten the name: with the registry it is longer than ${MAX_REPOSITORY} characters.`;
    context.addIssue({ code: 'custom', message, path: ['name'] });
  }
  for (const field of [
    'commands',
    'apt_packages',
    'conda_packages',
    'conda_channels',
    'pip_extra_index_url',
  ] as const) {
    if (byteLength(spec[field]) > MAX_SHELL_BYTES) {
      const message =
        'Together these are longer than 96 KiB. Put them in a script or in the base image.';
      context.addIssue({ code: 'custom', message, path: [field] });
    }
  }
  if (byteLength(spec.env?.flat()) > MAX_ENV_BYTES) {
    const message =
      'Together these are longer than 256 KiB, more than a process can be given.';
    context.addIssue({ code: 'custom', message, path: ['env'] });
  }
}

/** Files a spec names, path → text. Kept apart from the fields: the tag holds their digest, not their path. */
export type SpecFiles = Readonly<Record<string, string>>;

/** The smallest spec: flytekit's own defaults. */
export function emptySpec(): ImageSpec {
  return { version: 1, name: 'flytekit' };
}

/** Reads a spec from outside. Throws `SPEC_INVALID` with one message per field path (`packages.2`). */
export function parseImageSpec(input: unknown): ImageSpec {
  const result = ImageSpec.safeParse(input);
  if (result.success) return result.data;
  const fields = toFieldErrors(result.error);
  const [first] = Object.entries(fields);
  const others = Object.keys(fields).length - 1;
  const message = first ? `${first[0]}: ${first[1]}` : 'The spec is not valid.';
  throw new SpecError(
    others > 0 ? `${message} (${others} more)` : message,
    fields,
  );
}

function toFieldErrors(error: z.ZodError): Record<string, string> {
  const fields = new Map<string, string>();
  for (const issue of error.issues.flatMap(resolveUnion)) {
    const keys =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ path: key, message: unknownKey(key) }))
        : [{ path: issue.path.slice(0, 2).join('.'), message: issue.message }];
    for (const { path, message } of keys) {
      if (!fields.has(path)) fields.set(path, message);
    }
  }
  return Object.fromEntries(fields);
}

/** Of a field that may be two things, the faults of the one that was meant. */
function resolveUnion(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const isOther = (issues: z.core.$ZodIssue[]) =>
    issues.some(({ code, path }) => code === 'invalid_type' && !path.length);
  const meant = issue.errors.find((issues) => !isOther(issues));
  const [first] = (meant ?? issue.errors[0] ?? []).flatMap(resolveUnion);
  if (!first) return [issue];
  const within = first.path.join('.');
  const message = within ? `${within}: ${first.message}` : first.message;
  return [{ ...first, message, path: issue.path }];
}

function unknownKeys(issue: { code: string; keys?: unknown }) {
  if (issue.code !== 'unrecognized_keys') return 'Write the fields of a spec.';
  const keys = Array.isArray(issue.keys) ? issue.keys : [];
  return keys.map((key) => unknownKey(String(key))).join(' ');
}

function unknownKey(key: string): string {
  return `“${clip(key)}” is no field of ImageSpec. Remove it.`;
}

function byteLength(texts: readonly string[] = []): number {
  return new TextEncoder().encode(texts.join(' && ')).length;
}
