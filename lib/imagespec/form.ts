import type { FieldErrors } from '@/lib/errors';
import { pythonVersion } from './build-plan';
import { SpecError } from './errors';
import { parseImageSpec, type ImageSpec } from './schema';

/** A spec as text fields: lists one entry a line, `env` as NAME=value lines. Empty text means: not set. */
export type SpecForm = {
  name: string;
  registry: string;
  base_image: string;
  python_version: string;
  packages: string;
  apt_packages: string;
  env: string;
  commands: string;
  requirements: string;
  platform: string;
  python_exec: string;
  uv_image: string;
  micromamba_image: string;
};

export type SpecFormReading =
  | { ok: true; spec: ImageSpec }
  /** Messages by form field; those of lists name the line. */
  | { ok: false; fields: Partial<Record<keyof SpecForm, string>> };

/** The text of every field. Entries keep their spaces, because they are part of the tag. */
export function toSpecForm(spec: ImageSpec): SpecForm {
  const helpers = new Map(spec.builder_config ?? []);
  return {
    name: spec.name,
    registry: spec.registry ?? '',
    base_image: typeof spec.base_image === 'string' ? spec.base_image : '',
    python_version: pythonVersion(spec),
    packages: formatLines(spec.packages),
    apt_packages: formatLines(spec.apt_packages),
    env: formatLines(spec.env?.map(([key, value]) => `${key}=${value}`)),
    commands: formatLines(spec.commands),
    requirements: spec.requirements ?? '',
    platform: spec.platform ?? '',
    python_exec: spec.python_exec ?? '',
    uv_image: helpers.get('uv_image') ?? '',
    micromamba_image: helpers.get('micromamba_image') ?? '',
  };
}

/**
 * Reads the form back. The inverse of `toSpecForm`, except that empty lists and texts become "not set", and that
 * `builder_config` is written with `uv_image` first.
 */
export function readSpecForm(form: SpecForm): SpecFormReading {
  const lines = {
    packages: parseLines(form.packages),
    apt_packages: parseLines(form.apt_packages),
    env: parseLines(form.env),
    commands: parseLines(form.commands, { continued: true }),
  };
  const env = lines.env.map(({ text }) => splitEnvLine(text));
  const helpers = (['uv_image', 'micromamba_image'] as const).flatMap((key) =>
    form[key].trim() === '' ? [] : [[key, form[key].trim()]],
  );
  try {
    const spec = parseImageSpec({
      name: form.name.trim(),
      registry: orUnset(form.registry),
      base_image: orUnset(form.base_image),
      python_version: orUnset(form.python_version),
      packages: texts(lines.packages),
      apt_packages: texts(lines.apt_packages),
      env: env.length > 0 ? env : undefined,
      commands: texts(lines.commands),
      requirements: orUnset(form.requirements),
      platform: orUnset(form.platform),
      python_exec: orUnset(form.python_exec),
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

/** An entry and the line, counted from 1, on which it begins. */
export type Line = { text: string; line: number };

/**
 * Entries one a line; empty lines are left out. With `continued`, a line that ends in an odd number of backslashes goes
 * on in the next, and the break stays in the entry.
 */
export function parseLines(text: string, { continued = false } = {}): Line[] {
  const entries: Line[] = [];
  let open: Line | undefined;
  text.split(/\r?\n/).forEach((part, index) => {
    const entry: Line = open
      ? { text: `${open.text}\n${part}`, line: open.line }
      : { text: part, line: index + 1 };
    const goesOn = continued && /(?:^|[^\\])(?:\\\\)*\\$/.test(part);
    open = goesOn ? entry : undefined;
    if (!goesOn && entry.text.trim() !== '') entries.push(entry);
  });
  return open ? [...entries, open] : entries;
}

function formatLines(entries: readonly string[] | undefined): string {
  return entries?.join('\n') ?? '';
}

function texts(lines: readonly Line[]): string[] | undefined {
  return lines.length > 0 ? lines.map(({ text }) => text) : undefined;
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

type ListLines = Record<
  'packages' | 'apt_packages' | 'env' | 'commands',
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
