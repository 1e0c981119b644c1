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

/** The JSON form of an instruction. A long one takes a line for each word: Docker 20.10 reads lines up to 64 KiB. */
export function jsonForm(words: readonly string[]): string {
  const texts = words.map((word) => JSON.stringify(word));
  const line = `[${texts.join(', ')}]`;
  return line.length < 120 ? line : `[${texts.join(', \\\n    ')}]`;
}

/**
 * A path that `COPY` reads as it stands. Docker takes quotes, backslashes and variables in each of its words even in the
 * JSON form, and matches the source as a glob pattern; a one-sign class is how a pattern names a sign itself.
 */
export function copyPath(path: string, kind: 'source' | 'target'): string {
  const plain = kind === 'source' ? path.replace(/[*?[]/g, '[$&]') : path;
  return plain.replace(/[\\"'$]/g, '\\$&');
}
