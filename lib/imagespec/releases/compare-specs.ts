import { FIELD_ORDER, type FieldName } from '@/lib/imagespec/fields';
import { pyRepr } from '@/lib/imagespec/python-repr';
import type { PyValue } from '@/lib/imagespec/python-value';
import { construct, type FlytekitFields } from '@/lib/imagespec/tag';
import type { HashedField } from './outcome';

/** A spec and the text that is hashed for it, as `releaseTag` gives it. */
export type HashedSpec = {
  fields: FlytekitFields;
  hashed: readonly HashedField[];
};

/** One part of the hashed text that two specs do not share; a text is undefined where the field is left out. */
export type TextDifference = {
  field: FieldName;
  one: string | undefined;
  other: string | undefined;
  why: string;
};

/** Which parts of the hashed text make the tags of two specs differ, in the order of the text. */
export function compareSpecs(
  one: HashedSpec,
  other: HashedSpec,
): TextDifference[] {
  return FIELD_ORDER.flatMap((field) => {
    const [text, otherText] = [textOf(one, field), textOf(other, field)];
    if (text === otherText) return [];
    const values = [valueOf(one, field), valueOf(other, field)] as const;
    const why = reason(field, text, otherText, ...values);
    return [{ field, one: text, other: otherText, why }];
  });
}

function reason(
  field: FieldName,
  text: string | undefined,
  otherText: string | undefined,
  value: PyValue | undefined,
  otherValue: PyValue | undefined,
): string {
  if (text === undefined || otherText === undefined) {
    const empty = ["''", '[]', '{}'].includes(text ?? otherText ?? '');
    return empty
      ? `${field} is empty in one and left out in the other; an empty value is hashed.`
      : `Only one of them sets ${field}.`;
  }
  if (isSpec(field, value) || isSpec(field, otherValue)) {
    return isSpec(field, value) && isSpec(field, otherValue)
      ? 'Their base images are specs with different image names.'
      : 'The base image is a spec in one of them only.';
  }
  // What stands in the text is then not the field's own value but a digest.
  if (isDigested(value, text) || isDigested(otherValue, otherText)) {
    return isDigested(value, text) && isDigested(otherValue, otherText)
      ? `The files that ${field} names have different content.`
      : `${field} is hashed by its files in one, as it is written in the other.`;
  }
  if (value?.type !== otherValue?.type) {
    return `${field} is ${kindOf(value)} in one and ${kindOf(otherValue)} in the other.`;
  }
  if (isReordered(value, otherValue)) {
    return `${field} has the same entries in another order.`;
  }
  return `${field} differs.`;
}

function textOf({ hashed }: HashedSpec, field: FieldName): string | undefined {
  return hashed.find((part) => part.field === field)?.text;
}

function valueOf(
  { fields }: HashedSpec,
  field: FieldName,
): PyValue | undefined {
  return construct(fields)[field];
}

function isSpec(field: FieldName, value: PyValue | undefined): boolean {
  return field === 'base_image' && value?.type === 'dict';
}

function isDigested(value: PyValue | undefined, text: string): boolean {
  return value !== undefined && pyRepr(value) !== text;
}

function isReordered(
  value: PyValue | undefined,
  other: PyValue | undefined,
): boolean {
  const [one, two] = [partsOf(value), partsOf(other)];
  return one.length > 1 && one.sort().join('\n') === two.sort().join('\n');
}

function partsOf(value: PyValue | undefined): string[] {
  if (value?.type === 'dict') {
    return value.entries.map((entry) => entry.map(pyRepr).join(': '));
  }
  return value?.type === 'list' ? value.items.map(pyRepr) : [];
}

const KINDS: Record<PyValue['type'], string> = {
  none: 'None',
  bool: 'a truth value',
  int: 'a number',
  float: 'a number with a point',
  str: 'text',
  list: 'a list',
  tuple: 'a tuple',
  dict: 'a dict',
  enum: 'a member of an enum',
};

function kindOf(value: PyValue | undefined): string {
  return value ? KINDS[value.type] : 'left out';
}
