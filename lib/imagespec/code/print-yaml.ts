import type { Unkept } from './problem';
import { NESTED_NOT_IN_YAML, NOT_IN_YAML } from './read-yaml';
import { resolveScalar } from './yaml-scalars';
import { FIELD_ORDER, type FieldName } from '@/lib/imagespec/fields';
import { pyRepr } from '@/lib/imagespec/python-repr';
import type { PyEntry, PyValue } from '@/lib/imagespec/python-value';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { toFields } from '@/lib/imagespec/tag';

/** An implicit key may take 1024 characters; beyond, it stands behind a question mark. */
const MAX_KEY = 1000;

/**
 * A spec as the YAML that flytekit takes for an image (`--image spec.yaml`), every text in quotes that PyYAML would take
 * for something else. What YAML cannot hold is left out and named in `unkept`.
 */
export function printYaml(spec: ImageSpec): { text: string; unkept: Unkept[] } {
  const fields = toFields(spec);
  const lines: string[] = [];
  const unkept: Unkept[] = [];
  for (const field of FIELD_ORDER) {
    const value = fields[field];
    if (!value) continue;
    const reason = refusal(field, value);
    if (reason) unkept.push({ field, reason });
    else lines.push(...pair(field, value));
  }
  return { text: lines.map((line) => `${line}\n`).join(''), unkept };
}

function refusal(field: FieldName, value: PyValue): string | undefined {
  if (field === 'base_image') {
    return value.type === 'dict' ? NESTED_NOT_IN_YAML : undefined;
  }
  if (field !== 'builder_options') return NOT_IN_YAML[field];
  return isPlain(value)
    ? undefined
    : 'It holds a tuple or a key that is one, and YAML has neither. Write this spec in Python.';
}

/** Whether a value is made of what YAML has; of keys, only single values can be told apart by every reader. */
function isPlain(value: PyValue): boolean {
  switch (value.type) {
    case 'tuple':
    case 'enum':
      return false;
    case 'list':
      return value.items.every(isPlain);
    case 'dict':
      return value.entries.every(
        ([key, item]) =>
          !('items' in key) && key.type !== 'dict' && isPlain(item),
      );
    default:
      return true;
  }
}

function pair(name: string, value: PyValue): string[] {
  return under(`${name}:`, value);
}

/** The lines of `head value`: single values and empty ones behind the head, entries below it. */
function under(head: string, value: PyValue): string[] {
  if (value.type === 'dict' && value.entries.length > 0) {
    return [head, ...value.entries.flatMap(entry).map(indented)];
  }
  if (value.type === 'list' && value.items.length > 0) {
    return [
      head,
      ...value.items.flatMap((item) => under('-', item)).map(indented),
    ];
  }
  return [`${head} ${scalar(value)}`];
}

function entry([key, value]: PyEntry): string[] {
  const name = scalar(key);
  return name.length > MAX_KEY
    ? [`? ${name}`, ...under(':', value)]
    : under(`${name}:`, value);
}

function indented(line: string): string {
  return `  ${line}`;
}

function scalar(value: PyValue): string {
  switch (value.type) {
    case 'str':
      return yamlText(value.value);
    case 'none':
      return 'null';
    case 'bool':
      return String(value.value);
    case 'int':
      return String(BigInt(value.text));
    case 'float':
      // Without its dot, PyYAML takes a number with an exponent for text.
      return pyRepr(value).replace(/^(-?\d+)e/, '$1.0e');
    case 'list':
      return '[]';
    default:
      return '{}';
  }
}

const BARE =
  /^[A-Za-z0-9_./](?:[A-Za-z0-9_.,;/@+=~<>!()*'$%^&|:[\]{} -]*[A-Za-z0-9_./@+=~<>!()*'$%^&|[\]{}-])?$/;
const UNQUOTABLE =
  /[^\x20-\x7e\u00a1-\u{10ffff}]|[\u2028\u2029\ufeff"\\\p{C}\p{Z}]/gu;

/** A text as a YAML scalar: bare where PyYAML takes it for text, else in double quotes. */
export function yamlText(value: string): string {
  const isBare = BARE.test(value) && !/: | {2}/.test(value);
  const scalarOf = resolveScalar(value);
  if (isBare && 'value' in scalarOf && scalarOf.value.type === 'str')
    return value;
  return `"${value.replace(UNQUOTABLE, escaped)}"`;
}

function escaped(char: string): string {
  if (char === ' ') return char;
  if (char === '"' || char === '\\') return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}
