/** Marks an operator, so that `'&&'` and `&&` stay apart. */
const OPERATOR = '\0';

/**
 * The words and operators of a command line, quotes taken off, as a POSIX shell splits it. Nothing is replaced: `$NAME`
 * stays. Undefined when a quote is never closed.
 */
export function shellTokens(line: string): string[] | undefined {
  const tokens: string[] = [];
  let word: string | null = null;
  let quote = '';
  const end = () => {
    if (word !== null) tokens.push(word);
    word = null;
  };
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = '';
      else word = (word ?? '') + char;
    } else if (char === '\\') {
      const next = line.charAt((at += 1));
      const isPlain = quote === '"' && !/["$`\\]/.test(next);
      word = (word ?? '') + (isPlain ? `\\${next}` : next);
    } else if (char === '"' || (char === "'" && quote === '')) {
      quote = quote === '' ? char : '';
      word ??= '';
    } else if (quote !== '') {
      word = (word ?? '') + char;
    } else if (/[ \t\n]/.test(char)) {
      end();
    } else if (char === '#' && word === null) {
      break;
    } else {
      const operator = /^(?:&&|\|\||>>|<<|[;&|<>()])/.exec(line.slice(at))?.[0];
      if (operator === undefined) word = (word ?? '') + char;
      else {
        end();
        tokens.push(OPERATOR + operator);
        at += operator.length - 1;
      }
    }
  }
  end();
  return quote === '' ? tokens : undefined;
}

/** Tokens from text in which the operators are written as they are, for what a test expects. */
export function op(operator: string): string {
  return OPERATOR + operator;
}
