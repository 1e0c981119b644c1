import { clip, singleLine, type FieldRule } from './field-rules';

/** A path below the project's folder. */
export const copyRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  if (value.trim() === '') return 'Remove the empty entry.';
  if (value.startsWith('/') || value.split('/').includes('..')) {
    return `“${clip(value)}” leaves the project. Write a path below its folder, without “..”.`;
  }
  return value.includes('\\')
    ? `Write “/” between folders, and rename files with a backslash: ${clip(value)}`
    : undefined;
};
