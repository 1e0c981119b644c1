import { z } from 'zod';
import { SpecError } from './errors';
import { FIELD_ORDER } from './fields';
import {
  envKeyRule,
  imageRule,
  nameRule,
  platformRule,
  pythonExecRule,
  pythonVersionRule,
  registryRule,
  requirementsRule,
  singleLine,
  type FieldRule,
} from './field-rules';
import { aptPackageRule, commandRule, packageRule } from './package-rules';

const MAX_REPOSITORY = 255;
// The kernel takes at most 128 KiB in one argument, and a list becomes one `sh -c`.
const MAX_SHELL_BYTES = 96 * 1024;
const MAX_ENV_BYTES = 256 * 1024;

function text(maxLength: number, ...rules: FieldRule[]) {
  return z
    .string({ error: 'Write this as text, in quotes.' })
    .max(maxLength, `Keep this under ${maxLength} characters.`)
    .superRefine((value, context) => {
      for (const rule of rules) {
        const message = rule(value);
        if (message === undefined) continue;
        context.addIssue({ code: 'custom', message });
        return;
      }
    });
}

function list<Item extends z.ZodType>(item: Item, maxItems: number) {
  return z
    .array(item, { error: 'Write this as a list.' })
    .max(maxItems, `Keep this list under ${maxItems} entries.`);
}

const EnvPair = z.tuple([text(255, envKeyRule), text(8192, singleLine)]);

const HelperPair = z.tuple([
  z.enum(['uv_image', 'micromamba_image'], {
    error: 'Imageyard knows uv_image and micromamba_image here.',
  }),
  text(512, imageRule),
]);

/** Keys of ordered pairs are unique, as they are in the Python dict they stand for. */
function pairs<Pair extends z.ZodType<readonly [string, string]>>(
  pair: Pair,
  maxItems: number,
) {
  return list(pair, maxItems).superRefine((entries, context) => {
    const seen = new Set<string>();
    entries.forEach(([key], index) => {
      if (seen.has(key)) {
        const message = `${key} is set twice. Keep one.`;
        context.addIssue({ code: 'custom', message, path: [index] });
      }
      seen.add(key);
    });
  });
}

/**
 * One image as flytekit's `ImageSpec` describes it, with flytekit's field names. The form, the stored revision, the
 * worker's job and the Dockerfile all use this definition.
 *
 * A field left out and an empty one are different things: flytekit hashes `packages=[]` but not `packages=None`.
 * `env` and `builder_config` are pairs, because their order is part of the tag and objects reorder keys like "10".
 */
export const ImageSpec = z
  .strictObject(
    {
      version: z.literal(1).default(1),
      name: text(MAX_REPOSITORY, nameRule).default('flytekit'),
      python_version: text(20, pythonVersionRule).optional(),
      env: pairs(EnvPair, 500).optional(),
      registry: text(MAX_REPOSITORY, registryRule).optional(),
      packages: list(text(2048, packageRule), 1000).optional(),
      requirements: text(1024, requirementsRule).optional(),
      apt_packages: list(text(512, aptPackageRule), 1000).optional(),
      base_image: text(512, emptyOr(imageRule)).optional(),
      platform: text(200, platformRule).optional(),
      commands: list(text(16_384, commandRule), 500).optional(),
      python_exec: text(512, pythonExecRule).optional(),
      builder_config: pairs(HelperPair, 2).optional(),
    },
    { error: unknownKeys },
  )
  .superRefine((spec, context) => {
    const repository = `${spec.registry ?? ''}/${spec.name}`;
    if (repository.length > MAX_REPOSITORY) {
      const message = `Shorten the name: with the registry it is longer than ${MAX_REPOSITORY} characters.`;
      context.addIssue({ code: 'custom', message, path: ['name'] });
    }
    for (const field of ['commands', 'apt_packages'] as const) {
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
  });
export type ImageSpec = z.infer<typeof ImageSpec>;

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
  for (const issue of error.issues) {
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

function unknownKeys(issue: { code: string; keys?: unknown }) {
  if (issue.code !== 'unrecognized_keys') return 'Write the fields of a spec.';
  const keys = Array.isArray(issue.keys) ? issue.keys : [];
  return keys
    .map((key) => `${String(key)}: ${unknownKey(String(key))}`)
    .join(' ');
}

function unknownKey(key: string): string {
  return FIELD_ORDER.some((field) => field === key)
    ? 'Imageyard does not support this field yet.'
    : 'This is no field of ImageSpec. Remove it.';
}

function byteLength(texts: readonly string[] = []): number {
  return new TextEncoder().encode(texts.join(' && ')).length;
}

function emptyOr(rule: FieldRule): FieldRule {
  return (value) => (value === '' ? undefined : rule(value));
}
