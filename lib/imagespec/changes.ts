import type { FieldName } from './fields';
import { FIELD_ORDER } from './fields';
import { pyRepr } from './python-repr';
import type { PyValue } from './python-value';
import type { ImageSpec } from './schema';
import { toFields } from './tag';

/** What a revision holds beside its fields: the text of the requirements file and the flytekit that is installed. */
export type Definition = {
  fields: ImageSpec;
  /** The requirements text, or any other value that differs when the text does; `null` when there is none. */
  requirements: string | null;
  /** The same of `pyproject.toml` beside a lock file. */
  pyproject: string | null;
  /** SHA-256 of the project folder that the image copies from. */
  archive: string | null;
  flytekitVersion: string;
};

/** `flytekit_version` is no field of ImageSpec, but changes the image. */
export type ChangedField = FieldName | 'flytekit_version';

/** One field's entries that went and came. A change that neither shows is told by `note`. */
export type FieldChange = {
  field: ChangedField;
  removed: string[];
  added: string[];
  note: string | null;
};

/** What differs between two definitions, in flytekit's order of fields. Empty when they ask for the same. */
export function changedFields(
  before: Definition,
  after: Definition,
): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of FIELD_ORDER) {
    const change = compare(
      field,
      entriesOf(before.fields, field),
      entriesOf(after.fields, field),
    );
    if (change) changes.push(change);
    const note = change ? null : otherContent(field, before, after);
    if (note !== null) changes.push({ field, removed: [], added: [], note });
  }
  const { flytekitVersion: old } = before;
  if (old !== after.flytekitVersion) {
    const added = [after.flytekitVersion];
    changes.push({
      field: 'flytekit_version',
      removed: [old],
      added,
      note: null,
    });
  }
  return changes;
}

/** Lines only one of two texts has, each as often as it is there more. Order is not compared. */
export function changedLines(
  before: readonly string[],
  after: readonly string[],
): { removed: string[]; added: string[] } {
  return { removed: without(before, after), added: without(after, before) };
}

/** What differs where the field itself says the same. */
function otherContent(
  field: FieldName,
  before: Definition,
  after: Definition,
): string | null {
  if (field === 'requirements') {
    if (before.requirements !== after.requirements) return 'another text';
    return before.pyproject === after.pyproject
      ? null
      : 'another pyproject.toml';
  }
  const copies = field === (after.fields.copy ? 'copy' : 'source_root');
  return copies && before.archive !== after.archive
    ? 'other files in the project'
    : null;
}

/**
 * What a field holds, an entry a line; `env` and its like as `NAME=value`. `undefined` is a field left out: flytekit
 * hashes an empty list, but not one left out.
 */
export function entriesOf(
  spec: ImageSpec,
  field: FieldName,
): string[] | undefined {
  const value = toFields(spec)[field];
  return value === undefined ? undefined : linesOf(value);
}

function linesOf(value: PyValue): string[] {
  if (value.type === 'str') return [value.value];
  if (value.type === 'list') {
    return value.items.map((item) =>
      item.type === 'tuple' ? item.items.map(plain).join(' → ') : plain(item),
    );
  }
  if (value.type !== 'dict') return [plain(value)];
  return value.entries.map(
    ([key, item]) =>
      `${plain(key)}=${item.type === 'str' ? item.value : pyRepr(item)}`,
  );
}

function plain(value: PyValue): string {
  if (value.type === 'str') return value.value;
  return value.type === 'enum'
    ? (/\.(\w+):/.exec(value.repr)?.[1] ?? value.repr)
    : pyRepr(value);
}

function compare(
  field: FieldName,
  before: string[] | undefined,
  after: string[] | undefined,
): FieldChange | null {
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  const lines = changedLines(before ?? [], after ?? []);
  const isShown = lines.removed.length + lines.added.length > 0;
  return { field, ...lines, note: isShown ? null : noteOf(before, after) };
}

function noteOf(before: string[] | undefined, after: string[] | undefined) {
  if (before === undefined) return 'now written as empty';
  return after === undefined ? 'no longer written as empty' : 'another order';
}

function without(lines: readonly string[], others: readonly string[]) {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
