import { clip, singleLine, type FieldRule } from './field-rules';

const INDEX =
  /^(?:-i|-f|--index-url|--extra-index-url|--find-links|--no-index)\b/;

/**
 * One line of `requirements_uv.txt`. Options are refused here, because such a line would change how every other package
 * is found; the requirements file, whose text is shown as it is, may hold them.
 */
export const packageRule: FieldRule = (value) => {
  const text = value.trim();
  if (text === '') return 'Remove the empty entry.';
  const fault = singleLine(value);
  if (fault) return fault;
  if (/^(?:-r|-c|--requirement|--constraint)/.test(text)) {
    return 'A file is no package. Put its text under requirements.';
  }
  if (/^(?:-e|--editable)/.test(text)) {
    return 'Editable packages need files that are not part of the build. Name a released package or a git+https address.';
  }
  if (INDEX.test(text)) {
    return 'An index is no package. Put this line in the requirements text.';
  }
  if (text.startsWith('-')) {
    return `“${clip(text)}” is an option, not a package. Put options in the requirements text.`;
  }
  if (text.endsWith('\\')) {
    return 'Remove the backslash at the end; it would join this line with the next.';
  }
  return undefined;
};

const APT =
  /^[a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?(?:=[A-Za-z0-9.+~:*-]+|\/[a-z0-9.+~-]+)?$/;

/** One or several Debian package names, each with an optional `:arch` and `=version` or `/release`. */
export const aptPackageRule: FieldRule = (value) => {
  const fault = singleLine(value);
  if (fault) return fault;
  const names = entryWords(value);
  if (names.length === 0) return 'Remove the empty entry.';
  const bad = names.find((name) => !APT.test(name) || isRemoval(name));
  if (bad === undefined) return undefined;
  if (bad.startsWith('-')) {
    return `“${clip(bad)}” is an option of apt, not a package.`;
  }
  if (isRemoval(bad)) {
    return `“${clip(bad)}” would remove the package. Leave off the “-” at the end.`;
  }
  if (/[A-Z]/.test(bad)) {
    return `“${clip(bad)}”: Debian's package names are written in lower case.`;
  }
  return `“${clip(bad)}” is no Debian package name. Write it like git or libpq-dev=15.*.`;
};

/** The words of one entry: flytekit pastes entries into one command, so "git curl" has always been two packages. */
export function entryWords(entry: string): string[] {
  return entry.split(/\s+/).filter((name) => name !== '');
}

function isRemoval(name: string): boolean {
  return (name.split(/[=/]/, 1)[0] ?? '').endsWith('-');
}

/**
 * One shell command. A line break is taken only behind a backslash, where the shell and the Dockerfile agree that the
 * line goes on.
 */
export const commandRule: FieldRule = (value) => {
  const text = joinContinuedLines(value);
  if (text.trim() === '') return 'Remove the empty command.';
  if (text.includes('\n')) {
    return 'Keep a command on one line, join two with &&, or end a line with \\ to go on in the next.';
  }
  const fault = singleLine(text);
  if (fault) return fault;
  if (/\\[ \t]*$/.test(text)) {
    return 'Remove the backslash at the end; nothing follows it.';
  }
  if (/(?:^|\s)\d*<<-?[^<\s]/.test(text)) {
    return 'A here-document needs lines of its own. Write printf … | command instead.';
  }
  return undefined;
};

/** Drops each backslash with the line break behind it, as Docker and the shell do. */
export function joinContinuedLines(command: string): string {
  return command.replace(/\\\r?\n/g, '');
}
