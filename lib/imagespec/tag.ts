import { md5 } from '@noble/hashes/legacy';
import { DEFAULT_PLATFORM } from './defaults';
import type { Digests } from './digests';
import { SpecError } from './errors';
import { FIELD_ORDER, type FieldName } from './fields';
import { pyRepr } from './python-repr';
import { isTruthy, pyDict, pyList, pyStr, type PyValue } from './python-value';
import { SOURCE_COPY_MODES, type ImageSpec } from './schema';
import { formatTag } from './tag-format';
import { LOADED_MODULES_FAULT } from './tree-source';

/** flytekit's fields by name. A field left out is None. */
export type FlytekitFields = Partial<Record<FieldName, PyValue>>;

const NOT_HASHED: ReadonlySet<FieldName> = new Set([
  'builder',
  'pip_secret_mounts',
  'runtime_packages',
]);

/**
 * The tag flytekit computes for a spec: the algorithm of 1.13.6–1.15.0 and of every release since 1.15.3.
 *
 * Throws `SPEC_INVALID` when a file or folder is named and its digest is not given; none can be computed for the modules
 * that running code loads. A `localhost:` registry without a platform is taken as linux/amd64; on an arm64 laptop flytekit
 * takes linux/arm64.
 */
export function specTag(spec: ImageSpec, digests: Digests): string {
  return fieldsTag(toFields(spec), digests);
}

/** flytekit's `ImageSpec.id`: like the tag, but over the paths instead of the files. Baked in as `_F_IMG_ID`. */
export function specId(spec: ImageSpec): string {
  return fieldsId(toFields(spec));
}

/** `[registry/]name:tag`, lower-cased where flytekit does. Throws as `specTag`. */
export function imageName(spec: ImageSpec, digests: Digests): string {
  return fieldsImageName(toFields(spec), digests);
}

const DICTS: ReadonlySet<FieldName> = new Set(['env', 'builder_config']);

/** The fields of a spec as Python values. A base image that is a spec becomes the dict of its fields. */
export function toFields(spec: ImageSpec): FlytekitFields {
  const out: FlytekitFields = {};
  for (const field of FIELD_ORDER) {
    const value = spec[field];
    if (value !== undefined) out[field] = toPyValue(field, value);
  }
  return out;
}

function toPyValue(
  field: FieldName,
  value: NonNullable<ImageSpec[FieldName]>,
): PyValue {
  if (field === 'source_copy_mode') return copyMode(value as CopyMode);
  if (typeof value === 'string') return pyStr(value);
  if (!Array.isArray(value)) {
    return 'name' in value ? fieldsDict(toFields(value)) : value;
  }
  if (field === 'builder_options') {
    const entries = (value as [string, PyValue][]).map(
      ([key, item]) => [pyStr(key), item] as const,
    );
    return { type: 'dict', entries };
  }
  if (DICTS.has(field)) return pyDict(value as [string, string][]);
  if (field === 'pip_secret_mounts') {
    const items = (value as [string, string][]).map((mount) => ({
      type: 'tuple' as const,
      items: mount.map(pyStr),
    }));
    return { type: 'list', items };
  }
  return pyList(value as string[]);
}

type CopyMode = NonNullable<ImageSpec['source_copy_mode']>;

/** A member of flytekit's `CopyFileDetection`. */
export function copyMode(member: CopyMode): PyValue {
  const repr = `<CopyFileDetection.${member}: ${SOURCE_COPY_MODES.indexOf(member) + 1}>`;
  return { type: 'enum', repr };
}

/** The dict that stands for a spec used as another's base image. */
export function fieldsDict(fields: FlytekitFields): PyValue {
  const entries = FIELD_ORDER.flatMap((field) => {
    const value = fields[field];
    return value ? [[pyStr(field), value] as const] : [];
  });
  return { type: 'dict', entries };
}

/** The inverse of `fieldsDict`; undefined for a base image that is no spec. */
export function baseFields(fields: FlytekitFields): FlytekitFields | undefined {
  const { base_image: base } = fields;
  if (base?.type !== 'dict') return undefined;
  return Object.fromEntries(
    base.entries.map(([key, value]) => [
      key.type === 'str' ? key.value : '',
      value,
    ]),
  );
}

/**
 * What constructing an `ImageSpec` does to its fields: name and registry are lower-cased, the platform and the copy
 * mode get their defaults. Idempotent.
 */
export function construct(fields: FlytekitFields): FlytekitFields {
  const out: FlytekitFields = { ...fields };
  out.name = lower(fields.name ?? pyStr('flytekit'));
  if (fields.registry) out.registry = lower(fields.registry);
  out.platform = orDefault(fields.platform, pyStr(DEFAULT_PLATFORM));
  if (!isNone(fields.source_root)) {
    out.source_copy_mode = orDefault(
      fields.source_copy_mode,
      copyMode('LOADED_MODULES'),
    );
  }
  return out;
}

/** `specId` of fields as Python holds them. */
export function fieldsId(fields: FlytekitFields): string {
  return hashText(serialise(construct(fields)));
}

/** `specTag` of fields as Python holds them. */
export function fieldsTag(fields: FlytekitFields, digests: Digests): string {
  const tag = hashText(tagText(fields, digests)).replaceAll('-', '_');
  const { tag_format: format } = fields;
  if (!format || !isTruthy(format)) return tag;
  if (format.type !== 'str') {
    throw missing('tag_format', 'Write tag_format as text.');
  }
  return formatTag(format.value, tag);
}

/** `imageName` of fields as Python holds them. */
export function fieldsImageName(
  fields: FlytekitFields,
  digests: Digests,
): string {
  const { name, registry } = construct(fields);
  const prefix =
    registry?.type === 'str' && registry.value !== ''
      ? `${registry.value}/`
      : '';
  const tag = fieldsTag(fields, digests);
  return `${prefix}${name?.type === 'str' ? name.value : ''}:${tag}`;
}

/** The text whose MD5 is the tag: Python's print of the fields, with files replaced by their digests. */
export function tagText(fields: FlytekitFields, digests: Digests): string {
  const spec = construct(fields);
  const base = baseFields(fields);
  if (base) spec.base_image = pyStr(fieldsImageName(base, digests.base ?? {}));
  if (isCopied(spec)) {
    if (!spec.source_root || !isTruthy(spec.source_root)) {
      throw missing('source_root', 'Set source_root, the folder to copy.');
    }
    if (digests.source === undefined && isLoadedModules(spec)) {
      throw missing('source_copy_mode', LOADED_MODULES_FAULT);
    }
    spec.source_root = digestOf(digests.source, 'source_root');
  }
  if (spec.copy && isTruthy(spec.copy)) {
    spec.copy = digestOf(digests.copy, 'copy');
  }
  if (spec.requirements && isTruthy(spec.requirements)) {
    spec.requirements = digestOf(digests.requirements, 'requirements');
  }
  delete spec.registry_config;
  return serialise(spec);
}

function serialise(fields: FlytekitFields): string {
  return pyRepr(hashed(fields));
}

function hashed(fields: FlytekitFields): PyValue {
  const base = baseFields(fields);
  const spec = base
    ? { ...fields, base_image: hashed(construct(base)) }
    : fields;
  const entries = FIELD_ORDER.flatMap((field) => {
    const value = spec[field];
    return value === undefined || isNone(value) || NOT_HASHED.has(field)
      ? []
      : [[pyStr(field), value] as const];
  });
  return { type: 'dict', entries };
}

/** MD5 of a text in URL-safe base64 without padding: 22 characters. */
export function hashText(text: string): string {
  const bytes = md5(new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function isCopied({ source_copy_mode: mode }: FlytekitFields): boolean {
  return mode?.type === 'enum' && !mode.repr.includes('NO_COPY');
}

function isLoadedModules({ source_copy_mode: mode }: FlytekitFields): boolean {
  return mode?.type === 'enum' && mode.repr.includes('LOADED_MODULES');
}

function isNone(value: PyValue | undefined): boolean {
  return value === undefined || value.type === 'none';
}

function orDefault(value: PyValue | undefined, fallback: PyValue): PyValue {
  return value === undefined || value.type === 'none' ? fallback : value;
}

function lower(value: PyValue): PyValue {
  return value.type === 'str' ? pyStr(value.value.toLowerCase()) : value;
}

function digestOf(digest: string | undefined, field: FieldName): PyValue {
  if (digest === undefined) {
    throw missing(field, `Add the content of ${field}; the tag depends on it.`);
  }
  return pyStr(digest);
}

function missing(field: FieldName, message: string): SpecError {
  return new SpecError(message, { [field]: message });
}
