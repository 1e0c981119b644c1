const REFERENCE =
  /\\\$|\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*(?::[-+][^${}"'`\\]*)?\})|[\\"$]/g;

/**
 * A value of an `ENV` instruction, in double quotes.
 *
 * `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` stay references, because flytekit writes values unquoted
 * and code relies on `PATH=/opt/tool/bin:$PATH`. `\$` is a dollar sign. Everything else, spaces, quotes, backslashes and
 * any other dollar included, is taken as it stands. The value must be one line.
 */
export function quoteEnv(value: string): string {
  const escaped = value.replace(REFERENCE, (match) =>
    match.length === 1 ? `\\${match}` : match,
  );
  return `"${escaped}"`;
}

/** Whether building replaces a reference in the value by another variable's value. */
export function hasReference(value: string): boolean {
  return [...value.matchAll(REFERENCE)].some(
    ([match]) => match.length > 1 && match.startsWith('$'),
  );
}

/** One word for a POSIX shell. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
