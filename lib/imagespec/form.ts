import type { FieldErrors } from '@/lib/errors';
import { pythonVersion } from './build-plan';
import { SpecError } from './errors';
import { FIELD_ORDER, type FieldName } from './fields';
import { parseLines, type Line } from './form-lines';
import { readLiteral } from './literal';
import { pyRepr } from './python-repr';
import { parseImageSpec, type ImageSpec } from './schema';

/** Fields that hold one text. */
const TEXTS = [
  'python_version',
  'builder',
  'source_root',
  'registry',
  'requirements',
  'cuda',
  'cudnn',
  'platform',
  'pip_index',
  'pip_extra_args',
  'registry_config',
  'tag_format',
  'source_copy_mode',
  'python_exec',
] as const;

/** Fields that hold a list, written one entry a line. */
const LISTS = [
  'packages',
  'conda_packages',
  'conda_channels',
  'apt_packages',
  'pip_extra_index_url',
  'commands',
  'copy',
  'runtime_packages',
] as const;

const HELPERS = ['uv_image', 'micromamba_image'] as const;

/** Every field of the form, each a text. */
export const FORM_FIELDS = [
  'name',
  'base_image',
  ...TEXTS,
  ...LISTS,
  'env',
  'pip_secret_mounts',
  'entrypoint',
  'builder_options',
  ...HELPERS,
  'python_number',
] as const;

/**
 * A spec as text fields: lists one entry a line, `env` as NAME=value lines, mounts as "source target" lines, the
 * entrypoint as a JSON list, `builder_options` as a Python dict. Empty text means: not set. `python_number` is `int` or
 * `float` where the version is a number and no text. A base image that is a spec is not in the form.
 */
export type SpecForm = Record<(typeof FORM_FIELDS)[number], string>;

export type SpecFormReading =
  | { ok: true; spec: ImageSpec }
  /** Messages by form field; those of lists name the line. */
  | { ok: false; fields: Partial<Record<keyof SpecForm, string>> };

/** The text of every field. Entries keep their spaces, because they are part of the tag. */
export function toSpecForm(spec: ImageSpec): SpecForm {
  const helpers = new Map(spec.builder_config ?? []);
  const { python_version: version, base_image: base } = spec;
  return {
    ...byName(TEXTS, (name) => {
      const value = spec[name];
      return typeof value === 'string' ? value : '';
    }),
    ...byName(LISTS, (name) => spec[name]?.join('\n') ?? ''),
    ...byName(HELPERS, (name) => helpers.get(name) ?? ''),
    name: spec.name,
    base_image: typeof base === 'string' ? base : '',
    python_version: pythonVersion(spec),
    python_number: typeof version === 'object' ? version.type : '',
    env: spec.env?.map(([key, value]) => `${key}=${value}`).join('\n') ?? '',
    pip_secret_mounts:
      spec.pip_secret_mounts?.map((mount) => mount.join(' ')).join('\n') ?? '',
    entrypoint: spec.entrypoint ? JSON.stringify(spec.entrypoint) : '',
    builder_options: spec.builder_options
      ? pyRepr({
          type: 'dict',
          entries: spec.builder_options.map(([key, value]) => [
            { type: 'str', value: key },
            value,
          ]),
        })
      : '',
  };
}

/** The fields a spec writes as empty: flytekit hashes an empty list or text, but not one left out. */
export function emptyFields(spec: ImageSpec): FieldName[] {
  return FIELD_ORDER.filter((name) => {
    const value = spec[name];
    return value === '' || (Array.isArray(value) && value.length === 0);
  });
}

/** The spec with those of the fields that it leaves out written as empty. */
export function withEmptyFields(
  spec: ImageSpec,
  names: readonly string[],
): ImageSpec {
  const kept = FIELD_ORDER.filter(
    (name) => names.includes(name) && spec[name] === undefined,
  );
  const isText = (name: FieldName) =>
    name === 'base_image' || TEXTS.some((text) => text === name);
  return {
    ...spec,
    ...Object.fromEntries(kept.map((name) => [name, isText(name) ? '' : []])),
  };
}

function byName<Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(
    names.map((name) => [name, valueOf(name)]),
  ) as Record<Name, Value>;
}

/**
 * Reads the form back. The inverse of `toSpecForm`, except that empty lists and texts become "not set", and that
 * `builder_config` is written with `uv_image` first. `base` stands in for a base image that is a spec.
 */
export function readSpecForm(
  form: SpecForm,
  base: ImageSpec | null = null,
): SpecFormReading {
  const lines: ListLines = {
    ...byName(LISTS, (name) =>
      parseLines(form[name], { continued: name === 'commands' }),
    ),
    env: parseLines(form.env),
    pip_secret_mounts: parseLines(form.pip_secret_mounts),
  };
  const helpers = HELPERS.flatMap((key) =>
    form[key].trim() === '' ? [] : [[key, form[key].trim()]],
  );
  const literals = readLiterals(form);
  if (!literals.ok) return literals;
  try {
    const spec = parseImageSpec({
      ...Object.fromEntries(TEXTS.map((name) => [name, orUnset(form[name])])),
      ...Object.fromEntries(LISTS.map((name) => [name, texts(lines[name])])),
      ...literals.values,
      name: form.name.trim(),
      base_image: base ?? orUnset(form.base_image),
      env: pairs(lines.env, splitEnvLine),
      pip_secret_mounts: pairs(lines.pip_secret_mounts, splitMountLine),
      builder_config: helpers.length > 0 ? helpers : undefined,
    });
    return { ok: true, spec };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return {
      ok: false,
      fields: toFormErrors(error.fields ?? {}, lines, helpers),
    };
  }
}

/** The fields that are more than texts. */
function readLiterals(
  form: SpecForm,
):
  | { ok: true; values: Record<string, unknown> }
  | { ok: false; fields: Partial<Record<keyof SpecForm, string>> } {
  const values: Record<string, unknown> = {};
  if (form.entrypoint.trim() !== '') {
    const words = readWords(form.entrypoint);
    if (!words) {
      const entrypoint =
        'Write a list of words in double quotes, such as ["/bin/bash", "-c"], or [] for none.';
      return { ok: false, fields: { entrypoint } };
    }
    values.entrypoint = words;
  }
  if (form.builder_options.trim() !== '') {
    const value = readLiteral(form.builder_options);
    const entries =
      value?.type === 'dict'
        ? value.entries.map(([key, item]) =>
            key.type === 'str' ? [key.value, item] : null,
          )
        : [null];
    if (entries.includes(null)) {
      const builder_options =
        'Write a Python dict with text keys, such as {"imagepull_secret_name": "ghcr"}.';
      return { ok: false, fields: { builder_options } };
    }
    values.builder_options = entries;
  }
  if (form.python_number !== '') {
    const value = readLiteral(form.python_version);
    if (value?.type !== form.python_number) {
      const python_version =
        'This is a number in the code, and no text. Write it as text, or correct the number.';
      return { ok: false, fields: { python_version } };
    }
    values.python_version = value;
  }
  return { ok: true, values };
}

function readWords(text: string): string[] | null {
  try {
    const words: unknown = JSON.parse(text);
    const isList =
      Array.isArray(words) && words.every((word) => typeof word === 'string');
    return isList ? words : null;
  } catch {
    return null;
  }
}

function texts(lines: readonly Line[]): string[] | undefined {
  return lines.length > 0 ? lines.map(({ text }) => text) : undefined;
}

function pairs(
  lines: readonly Line[],
  split: (text: string) => [string, string],
): [string, string][] | undefined {
  return lines.length > 0 ? lines.map(({ text }) => split(text)) : undefined;
}

function orUnset(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

function splitEnvLine(text: string): [key: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1
    ? ['', text]
    : [text.slice(0, equals).trim(), text.slice(equals + 1)];
}

/** The mounts of the form, whether or not they hold faults. */
export function readMounts(text: string): [source: string, target: string][] {
  return parseLines(text).map((line) => splitMountLine(line.text));
}

/** The target holds no space; the source may. */
function splitMountLine(text: string): [source: string, target: string] {
  const [, source = '', target = ''] =
    /^\s*(.*?)\s*(\S*)\s*$/su.exec(text) ?? [];
  return [source, target];
}

type ListLines = Record<
  (typeof LISTS)[number] | 'env' | 'pip_secret_mounts',
  Line[]
>;

function toFormErrors(
  fields: FieldErrors,
  lines: ListLines,
  helpers: readonly (readonly string[])[],
): Partial<Record<keyof SpecForm, string>> {
  const out: Record<string, string> = {};
  for (const [path, message] of Object.entries(fields)) {
    const [field = '', index] = path.split('.');
    const entry =
      field in lines && index !== undefined
        ? lines[field as keyof ListLines][Number(index)]
        : undefined;
    const key =
      field === 'builder_config'
        ? (helpers[Number(index)]?.[0] ?? field)
        : field;
    out[key] ??= entry ? `Line ${entry.line}: ${message}` : message;
  }
  return out;
}
