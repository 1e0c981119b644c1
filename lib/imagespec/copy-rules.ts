import { clip, singleLine, type FieldRule } from './field-rules';

/** A path below the project's folder. */
export const copyRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  if (value.trim() === '') return 'Remove the empty entry.';
  if (value.startsWith('/') || value.split('/').includes('..')) {
    return `“${clip(value)}” leaves the project. Write a path below its folder, without “..”.`;
  }
  return plainPath(value);
};

function plainPath(value: string): string | undefined {
  return /[\\$"]/.test(value)
    ? `“${clip(value)}”: rename the file so that it has no backslash, $ or double quote.`
    : undefined;
}
