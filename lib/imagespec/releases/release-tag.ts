import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import { SpecError } from '@/lib/imagespec/errors';
import { FIELD_ORDER, type FieldName } from '@/lib/imagespec/fields';
import { constructorFault } from '@/lib/imagespec/flytekit-rules';
import { pyRepr } from '@/lib/imagespec/python-repr';
import { pyNone, pyStr, type PyValue } from '@/lib/imagespec/python-value';
import {
  baseFields,
  copyMode,
  type FlytekitFields,
  hashText,
} from '@/lib/imagespec/tag';
import { formatTag } from '@/lib/imagespec/tag-format';
import {
  digestText,
  type HashedField,
  isSet,
  type Machine,
  type ReleaseDigests,
  type ReleaseOutcome,
  Stopped,
} from './outcome';
import { fieldSince, isBefore, type Release } from './release';
import { sourceText } from './source-text';

/** The tag that a flytekit release computes, after `tag_format`. The fields are as written, before construction. */
export function releaseTag(
  release: Release,
  fields: FlytekitFields,
  digests: ReleaseDigests,
  machine: Machine,
): ReleaseOutcome {
  try {
    const hashed = hashedFields({ release, digests, machine }, fields);
    const hash = hashText(
      `{${hashed.map(({ field, text }) => `'${field}': ${text}`).join(', ')}}`,
    ).replaceAll('-', '_');
    const tag = isBefore(release, '1.11.0') ? `${hash}..` : hash;
    return { kind: 'tag', tag: formatted(fields, tag), hashed };
  } catch (error) {
    if (error instanceof Stopped) return error.outcome;
    throw error;
  }
}

type Context = { release: Release; digests: ReleaseDigests; machine: Machine };

function hashedFields(context: Context, fields: FlytekitFields): HashedField[] {
  const { release, digests } = context;
  const made = construct(context, fields);
  const texts = new Map<FieldName, string>();
  const base = baseFields(fields);
  if (base) texts.set('base_image', baseText(context, base));
  const source = sourceText(release, made, digests);
  if (source !== undefined) texts.set('source_root', source);
  if (isSet(made.copy)) {
    texts.set('copy', digestText(digests.copy, 'copy'));
  }
  if (isSet(made.requirements)) {
    const strips = !isBefore(release, '1.13.5');
    const digest = strips ? digests.requirements : digests.unstripped;
    texts.set('requirements', digestText(digest, 'requirements'));
  }
  delete made.registry_config;
  return serialised(release, made, texts);
}

/** The fields in the order of their declaration, each with what stands in its place or with its own `repr`. */
function serialised(
  release: Release,
  fields: FlytekitFields,
  texts: ReadonlyMap<FieldName, string>,
): HashedField[] {
  return FIELD_ORDER.flatMap((field) => {
    if (isBefore(release, fieldSince(field))) return [];
    if (isExcluded(release, field)) return [];
    const value = fields[field] ?? pyNone;
    const text = texts.get(field);
    const isLeftOut = !isBefore(release, '1.13.5') && value.type === 'none';
    if (text === undefined && isLeftOut) return [];
    return [{ field, text: text ?? pyRepr(value) }];
  });
}

function isExcluded(release: Release, field: FieldName): boolean {
  if (field === 'builder') return !isBefore(release, '1.15.3');
  return field === 'pip_secret_mounts' || field === 'runtime_packages';
}

/** The fields after the constructor of that release, which refuses what it does not know. */
function construct(
  { release, machine }: Context,
  fields: FlytekitFields,
): FlytekitFields {
  for (const field of FIELD_ORDER) {
    if (fields[field] === undefined) continue;
    const since = fieldSince(field);
    if (!isBefore(release, since)) continue;
    const reason = `flytekit ${release} has no ${field}; it came with ${since}.`;
    throw new Stopped({ kind: 'refused', field, reason });
  }
  const fault = constructorFault(fields, release);
  if (fault) {
    const { field, message } = fault;
    throw new Stopped({ kind: 'refused', field, reason: message });
  }
  const out: FlytekitFields = { ...fields };
  out.name = lower(fields.name ?? pyStr('flytekit'));
  if (fields.registry) out.registry = lower(fields.registry);
  out.platform = platformOf(release, machine, fields);
  out.builder = builderOf(release, fields);
  const isCopying = !isBefore(release, '1.13.6') && !isNone(out.source_root);
  if (isCopying && isNone(out.source_copy_mode)) {
    out.source_copy_mode = copyMode('LOADED_MODULES');
  }
  return out;
}

function platformOf(
  release: Release,
  { isArm64 }: Machine,
  { platform, registry }: FlytekitFields,
): PyValue {
  // Until 1.16.3 the default stands in the signature, so a None that is written stays one.
  if (isBefore(release, '1.16.4')) return platform ?? pyStr(DEFAULT_PLATFORM);
  if (platform && platform.type !== 'none') return platform;
  const isLocal =
    registry?.type === 'str' &&
    registry.value.toLowerCase().startsWith('localhost:');
  return pyStr(isLocal && isArm64 ? 'linux/arm64' : DEFAULT_PLATFORM);
}

function builderOf(release: Release, { builder }: FlytekitFields): PyValue {
  if (isBefore(release, '1.10.7')) return builder ?? pyStr('envd');
  if (!isNone(builder)) return builder ?? pyNone;
  return isBefore(release, '1.15.1') ? pyNone : pyStr('default');
}

/** A base image that is a spec: its image name, or its fields as they are. */
function baseText(context: Context, base: FlytekitFields): string {
  const { release } = context;
  const isByFields =
    isBefore(release, '1.12.0') ||
    (!isBefore(release, '1.13.5') && isBefore(release, '1.13.6'));
  const made = construct(context, base);
  if (isByFields) {
    const inner = baseFields(base);
    const texts = new Map<FieldName, string>(
      inner ? [['base_image', baseText(context, inner)]] : [],
    );
    const entries = serialised(release, made, texts);
    return `{${entries.map(({ field, text }) => `'${field}': ${text}`).join(', ')}}`;
  }
  const { machine, digests } = context;
  const outcome = releaseTag(release, base, digests.base ?? {}, machine);
  if (outcome.kind !== 'tag') {
    const reason = `In the base image: ${outcome.reason}`;
    throw new Stopped({ ...outcome, field: 'base_image', reason });
  }
  const name = `${textOf(made.name)}:${outcome.tag}`;
  const registry = textOf(made.registry);
  return pyRepr(pyStr(registry === '' ? name : `${registry}/${name}`));
}

function formatted(fields: FlytekitFields, tag: string): string {
  const { tag_format: written } = fields;
  if (!isSet(written)) return tag;
  if (written?.type !== 'str') {
    const reason = 'Write tag_format as text.';
    throw new Stopped({ kind: 'refused', field: 'tag_format', reason });
  }
  const format = written.value;
  try {
    return formatTag(format, tag);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const reason = error.message;
    throw new Stopped({ kind: 'refused', field: 'tag_format', reason });
  }
}

function isNone(value: PyValue | undefined): boolean {
  return value === undefined || value.type === 'none';
}

function lower(value: PyValue): PyValue {
  return value.type === 'str' ? pyStr(value.value.toLowerCase()) : value;
}

function textOf(value: PyValue | undefined): string {
  return value?.type === 'str' ? value.value : '';
}
