export type ShellWords =
  { ok: true; words: string[] } | { ok: false; message: string };

const ACTIVE = /[$`;&|<>(){}*?#!~\\[\]\r\n]/;

/**
 * Splits a line into words as a POSIX shell does, quotes taken off, for a line that only holds words: whatever a shell
 * would replace or run is refused unless single quotes make it plain.
 */
export function splitShellWords(line: string): ShellWords {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (const char of line) {
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (quote === '"' && /[$`\\]/.test(char)) return active(char);
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (char === ' ' || char === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (ACTIVE.test(char) && !isPlainHere(char, word)) {
      return active(char);
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null) return { ok: false, message: `Close the ${quote}.` };
  if (word !== null) words.push(word);
  return { ok: true, words };
}

/** Within a word these two stand for themselves. */
function isPlainHere(char: string, word: string | null): boolean {
  return word !== null && (char === '#' || char === '~');
}

function active(char: string): ShellWords {
  return {
    ok: false,
    message: `A shell would read “${char}”. Put it in single quotes if it is meant as it stands.`,
  };
}
