type Strength = { level: 0 | 1 | 2 | 3; text: string };

const MIN_LENGTH = 10;
const MIN_BITS = 60;
const COMMON =
  /passw[o0]rd|qwert[yz]|asdfg|letmein|welcome|iloveyou|admin|imageyard|flyte/gi;
const RUNS = /(.)\1{2,}|0?123456789?0?|abcdefg?h?/gi;

function bits(text: string): number {
  const classes: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^a-zA-Z0-9]/, 33],
  ];
  const alphabet = classes.reduce(
    (sum, [pattern, size]) => sum + (pattern.test(text) ? size : 0),
    0,
  );
  return alphabet === 0 ? 0 : text.length * Math.log2(alphabet);
}

/**
 * A hint about a password being chosen, never a verdict: the server asks only for its length. Words a guesser tries
 * first, long runs and what `known` tells about the person count for nothing.
 */
export function judgePassword(
  password: string,
  known: readonly string[] = [],
): Strength {
  const missing = MIN_LENGTH - password.length;
  if (password === '')
    return { level: 0, text: `At least ${MIN_LENGTH} characters.` };
  if (missing > 0)
    return {
      level: 0,
      text: `${missing} more ${missing === 1 ? 'character' : 'characters'}.`,
    };
  const lower = password.toLowerCase();
  const own = known
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= 4 && lower.includes(word));
  let rest = password.replace(COMMON, '').replace(RUNS, '');
  for (const word of own) rest = rest.replaceAll(new RegExp(word, 'giu'), '');
  if (rest.length < password.length / 2 || new Set(lower).size < 5) {
    return {
      level: 1,
      text:
        own.length > 0
          ? 'Easy to guess from what you typed above.'
          : 'Easy to guess.',
    };
  }
  if (bits(rest) < MIN_BITS)
    return { level: 2, text: 'Fair. A few more words make it strong.' };
  return { level: 3, text: 'Strong.' };
}
