import type { SyntaxNode } from '@lezer/common';
import type { PyValue } from './python-value';
import { sizeOf, type EnvironmentHole, type Reading } from './python-reading';
import { clip } from './field-rules';
import type { PythonSource } from './python-parse';
import { bracketed, snippet } from './python-tree';
import type { FlytekitFields } from './tag';

/** A place in the file where something of a spec is not as Imageyard can take it. `field` is empty for the whole spec. */
export type ImportProblem = {
  line: number;
  field: string;
  message: string;
  /** The expression as written, shortened. */
  source: string;
  /** Set when the value of a variable of the environment is all that is missing. */
  environment?: EnvironmentHole;
};

export type ImportedField = {
  name: string;
  line: number;
  source: string;
  /** Null when it could not be read, or is another spec. */
  value: PyValue | null;
};

/** A field with the expression that gives its value. */
export type WrittenField = ImportedField & { node: SyntaxNode };

/** A spec as read, before it is checked. */
export type SpecEntry = {
  node: SyntaxNode;
  fields: FlytekitFields;
  written: WrittenField[];
  problems: ImportProblem[];
  /** The spec a `with_…` call was made on. */
  startOfChain?: number;
};

/** Why a field has no value. */
export function reasonOf(field: string, reading: Reading): string {
  if (reading.kind === 'unresolved') return reading.reason;
  if (field !== 'base_image') return 'An image spec cannot stand here.';
  return reading.kind === 'spec'
    ? 'Something in this spec is not known.'
    : 'Write the name of an image, or an ImageSpec.';
}

/** A field as the file writes it. */
export function toWritten(
  { text, lineOf }: PythonSource,
  name: string,
  node: SyntaxNode,
  reading: Reading,
): WrittenField {
  return {
    node,
    name: clip(name),
    line: lineOf(node.from),
    source: snippet(text, node),
    value: reading.kind === 'value' ? reading.value : null,
  };
}

/** The field without its expression, as it is handed on. */
export function toField({ name, line, source, value }: WrittenField) {
  return { name, line, source, value };
}

/** The expression of one entry of `value`, where all of them are written out; else the whole expression. */
export function entryNode(
  node: SyntaxNode,
  value: PyValue | undefined,
  index: number | undefined,
): SyntaxNode {
  const isWritten =
    node.name === 'ArrayExpression' || node.name === 'DictionaryExpression';
  if (index === undefined || !value || !isWritten) return node;
  const parts = bracketed(node);
  const isSpread = parts.some(([first]) => first?.name.startsWith('*'));
  // Behind a `with_…`, the expression holds only what is added.
  const isWhole = !isSpread && parts.length === sizeOf(value);
  return (isWhole ? parts[index]?.[0] : undefined) ?? node;
}

export function toProblem(
  { text, lineOf }: PythonSource,
  field: string,
  node: SyntaxNode,
  message: string,
  reading?: Reading,
): ImportProblem {
  const hole = reading?.kind === 'unresolved' ? reading.environment : undefined;
  return {
    line: lineOf(node.from),
    field: clip(field),
    message,
    source: snippet(text, node),
    ...(hole ? { environment: hole } : {}),
  };
}

/** Takes a field out of a spec, so that it can be given anew. */
export function unsetField(entry: SpecEntry, field: string): void {
  entry.fields = Object.fromEntries(
    Object.entries(entry.fields).filter(([name]) => name !== field),
  );
  entry.written = entry.written.filter(({ name }) => name !== field);
  entry.problems = entry.problems.filter((one) => one.field !== field);
}
