import { isFieldName, type FieldName } from './fields';
import type { PyValue } from './python-value';
import { parseImageSpec, SOURCE_COPY_MODES, type ImageSpec } from './schema';
import { SpecError } from './errors';
import { baseFields, copyMode, type FlytekitFields } from './tag';

/** What is wrong with one field, in words for the person who wrote it. */
export type FieldFault = {
  field: FieldName;
  message: string;
  /** The entry of the field that is meant, counted from 0. */
  index?: number;
};

/** What a field must be, where it is not text or a list of texts. */
const SHAPES: Partial<Record<FieldName, (value: PyValue) => unknown>> = {
  env: textPairs,
  builder_config: textPairs,
  builder_options: (value) =>
    value.type === 'dict'
      ? allOf(value.entries, ([key, item]) =>
          key.type === 'str' ? [key.value, item] : undefined,
        )
      : undefined,
  pip_secret_mounts: (value) =>
    value.type === 'list'
      ? allOf(value.items, (item) =>
          item.type === 'tuple' ? texts(item.items) : undefined,
        )
      : undefined,
  python_version: (value) =>
    value.type === 'int' || value.type === 'float' ? value : textOf(value),
  source_copy_mode: (value) =>
    SOURCE_COPY_MODES.find(
      (member) => JSON.stringify(copyMode(member)) === JSON.stringify(value),
    ),
};

/**
 * The spec that the fields make, and what stands in its way. `spec` is missing when a field has a type flytekit refuses
 * or breaks a rule of the schema.
 */
export function toImageSpec(fields: FlytekitFields): {
  spec?: ImageSpec;
  faults: FieldFault[];
} {
  const faults: FieldFault[] = [];
  const input: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (!isFieldName(field) || value.type === 'none') continue;
    const base = field === 'base_image' ? baseFields(fields) : undefined;
    if (base) {
      const inner = toImageSpec(base);
      input[field] = inner.spec ?? {};
      for (const fault of inner.faults) {
        faults.push({ field, message: `${fault.field}: ${fault.message}` });
      }
      continue;
    }
    const plain = (SHAPES[field] ?? plainOf)(value);
    if (plain === undefined)
      faults.push({ field, message: faultOf(field, value) });
    else input[field] = plain;
  }
  const isComplete = faults.length === 0;
  try {
    const spec = parseImageSpec(input);
    return isComplete ? { spec, faults } : { faults };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const [path, message] of Object.entries(error.fields ?? {})) {
      const [field = '', index] = path.split('.');
      if (!isFieldName(field)) continue;
      const entry =
        index && /^\d+$/.test(index) ? { index: Number(index) } : {};
      faults.push({ field, message, ...entry });
    }
    return { faults };
  }
}

/** Text or a list of texts, as the schema takes them. */
function plainOf(value: PyValue): unknown {
  return value.type === 'list' ? texts(value.items) : textOf(value);
}

function textOf(value: PyValue): string | undefined {
  return value.type === 'str' ? value.value : undefined;
}

function texts(values: readonly PyValue[]): string[] | undefined {
  return allOf(values, textOf);
}

function textPairs(value: PyValue): unknown {
  return value.type === 'dict' ? allOf(value.entries, texts) : undefined;
}

/** Every item's answer; undefined when one has none. */
function allOf<Item, Out>(
  items: readonly Item[],
  read: (item: Item) => Out | undefined,
): Out[] | undefined {
  const out: Out[] = [];
  for (const item of items) {
    const one = read(item);
    if (one === undefined) return undefined;
    out.push(one);
  }
  return out;
}

function faultOf(field: FieldName, value: PyValue): string {
  if (field === 'pip_secret_mounts') {
    return 'Write a list of pairs in round brackets: [("/home/me/.netrc", "/root/.netrc")].';
  }
  if (field === 'source_copy_mode') {
    return 'Write CopyFileDetection.ALL, LOADED_MODULES or NO_COPY.';
  }
  if (field === 'builder_options' && value.type === 'dict') {
    return 'Its keys must be text, in quotes.';
  }
  if (value.type === 'tuple') {
    return 'flytekit refuses a tuple. Write a list, in square brackets.';
  }
  if (value.type === 'list' || value.type === 'dict') {
    return 'Every value in it must be text, in quotes.';
  }
  return 'Write this as text, in quotes; flytekit takes a number for another value.';
}
