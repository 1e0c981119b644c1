import type { FieldName } from './fields';
import { pyNone, type PyEntry, type PyValue } from './python-value';
import type { FlytekitFields } from './tag';

const METHODS: ReadonlyMap<string, FieldName> = new Map([
  ['with_packages', 'packages'],
  ['with_apt_packages', 'apt_packages'],
  ['with_commands', 'commands'],
  ['with_copy', 'copy'],
  ['with_runtime_packages', 'runtime_packages'],
  ['with_builder_options', 'builder_options'],
]);

/** The field a `with_…` method of flytekit's `ImageSpec` extends, or undefined when there is no such method. */
export function chainField(method: string): FieldName | undefined {
  return METHODS.get(method);
}

/**
 * The fields after `spec.with_…(value)`: text is appended, a list extends, a dict updates and keeps the first position
 * of a key. Undefined where flytekit raises.
 */
export function extendField(
  fields: FlytekitFields,
  field: FieldName,
  value: PyValue,
): FlytekitFields | undefined {
  const current = fields[field] ?? pyNone;
  if (value.type === 'dict') {
    const before = current.type === 'dict' ? current.entries : [];
    if (current.type !== 'dict' && current.type !== 'none') return undefined;
    const entries = mergeEntries([...before, ...value.entries]);
    return { ...fields, [field]: { type: 'dict', entries } };
  }
  const before = current.type === 'list' ? current.items : [];
  if (current.type !== 'list' && current.type !== 'none') return undefined;
  if (value.type !== 'str' && value.type !== 'list') return undefined;
  const added = value.type === 'str' ? [value] : value.items;
  return { ...fields, [field]: { type: 'list', items: [...before, ...added] } };
}

/** Entries as a Python dict keeps them: the last value of a key, behind the key that came first. */
export function mergeEntries(entries: readonly PyEntry[]): PyEntry[] {
  const byKey = new Map<string, PyEntry>();
  for (const [key, value] of entries) {
    const id = keyOf(key);
    byKey.set(id, [byKey.get(id)?.[0] ?? key, value]);
  }
  return [...byKey.values()];
}

/** Equal for keys that are equal in Python, as `1`, `1.0` and `True` are. */
function keyOf(key: PyValue): string {
  if (key.type === 'bool') return key.value ? '1' : '0';
  if (key.type === 'int') return String(BigInt(key.text));
  if (key.type === 'float') {
    return Number.isInteger(key.value)
      ? String(BigInt(key.value))
      : String(key.value);
  }
  return 'items' in key
    ? JSON.stringify([key.type, key.items.map(keyOf)])
    : JSON.stringify(key);
}
