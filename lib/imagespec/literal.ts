import { readPython } from './python';
import type { PyValue } from './python-value';

/** A Python literal, or undefined for anything else. */
export function readLiteral(text: string): PyValue | undefined {
  // As an argument of its own line, so that nothing in the text can close the call and go on.
  const found = readPython(
    `value = (\n${text}\n)\nImageSpec(builder_options=value)\n`,
    'literal.py',
  );
  const [spec, ...others] = found.specs;
  if (!spec || others.length > 0 || found.errors.length > 0) return undefined;
  const [field] = spec.fields;
  return field?.value ?? undefined;
}
