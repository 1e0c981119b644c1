import { isFieldName, type FieldName } from './fields';
import type { PyValue } from './python-value';
import { ImageSpec, parseImageSpec } from './schema';
import { SpecError } from './errors';
import type { FlytekitFields } from './tag';

/** What is wrong with one field, in words for the person who wrote it. */
export type FieldFault = { field: FieldName; message: string };

/** Fields that change neither the image nor the tag: a spec that sets them is complete without them. */
const WITHOUT_EFFECT: ReadonlyMap<FieldName, string> = new Map([
  [
    'builder',
    'Left out: Imageyard builds the image itself. The tag is the same.',
  ],
  [
    'runtime_packages',
    'Left out: flytekit installs these when the task starts. The tag is the same.',
  ],
]);

/**
 * The spec that the fields make, and what stands in its way or deserves to be known. `spec` is missing when a field is
 * not supported yet, has a type flytekit refuses, or breaks a rule of the schema.
 */
export function toImageSpec(fields: FlytekitFields): {
  spec?: ImageSpec;
  faults: FieldFault[];
} {
  const faults: FieldFault[] = [];
  const input: Record<string, unknown> = {};
  let isComplete = true;
  for (const [field, value] of Object.entries(fields)) {
    if (!isFieldName(field) || value.type === 'none') continue;
    const harmless = WITHOUT_EFFECT.get(field);
    if (harmless !== undefined) {
      faults.push({ field, message: harmless });
      continue;
    }
    const plain = isSupported(field) ? toPlain(value) : undefined;
    if (plain !== undefined) input[field] = plain;
    else {
      isComplete = false;
      faults.push({ field, message: faultOf(field, value) });
    }
  }
  try {
    const spec = parseImageSpec(input);
    return isComplete ? { spec, faults } : { faults };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const [path, message] of Object.entries(error.fields ?? {})) {
      const [field = ''] = path.split('.');
      if (isFieldName(field)) faults.push({ field, message });
    }
    return { faults };
  }
}

/** Whether Imageyard takes this field. */
export function isSupported(field: FieldName): boolean {
  return field in ImageSpec.shape;
}

/** The value as the schema takes it; undefined when flytekit refuses it, or hashes it as something else than text. */
function toPlain(value: PyValue): unknown {
  if (value.type === 'str') return value.value;
  if (value.type === 'list') return texts(value.items);
  if (value.type === 'dict') {
    const pairs = value.entries.map((entry) => texts(entry));
    return pairs.includes(undefined) ? undefined : pairs;
  }
  return undefined;
}

function texts(values: readonly PyValue[]): string[] | undefined {
  const out: string[] = [];
  for (const value of values) {
    if (value.type !== 'str') return undefined;
    out.push(value.value);
  }
  return out;
}

function faultOf(field: FieldName, value: PyValue): string {
  if (!isSupported(field)) return 'Imageyard does not support this field yet.';
  if (value.type === 'tuple') {
    return 'flytekit refuses a tuple. Write a list, in square brackets.';
  }
  if (value.type === 'list' || value.type === 'dict') {
    return 'Every value in it must be text, in quotes.';
  }
  return 'Write this as text, in quotes; flytekit takes a number for another value.';
}
