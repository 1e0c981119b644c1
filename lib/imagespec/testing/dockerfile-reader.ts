/** One instruction as BuildKit's frontend takes it apart. */
export type Instruction = {
  keyword: string;
  flags: string[];
  rest: string;
  /** The JSON form, where the instruction has one and uses it. */
  json: string[] | null;
};

/** Go's `unicode.IsSpace`. */
const SPACE =
  '\\t\\n\\v\\f\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const TRIM = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, 'g');
const TRIM_START = new RegExp(`^[${SPACE}]+`);
const IS_SPACE = new RegExp(`[${SPACE}]`);
const WITH_JSON = ['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'COPY', 'ADD'];
const WITH_HEREDOC = ['RUN', 'COPY', 'ADD'];

/** Docker takes the space at both ends of an instruction away. */
export function dockerTrim(text: string): string {
  return text.replace(TRIM, '');
}

export type ReaderOptions = {
  /** Docker 20.10 goes on behind two backslashes at the end of a line too; later frontends do not. */
  joinsTwoBackslashes?: boolean;
};

/** The parser directives at the top: `# syntax=…`, `# escape=…`. */
export function readDirectives(text: string): string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const match = /^#\s*([a-zA-Z]\w*)\s*=\s*(.+?)\s*$/.exec(line);
    if (!match) return found;
    found.push(`${match[1]?.toLowerCase()}=${match[2]}`);
  }
  return found;
}

/**
 * Reads a Dockerfile as Docker's parser does, written from its grammar and apart from what writes one: comments and
 * empty lines go, also within an instruction, a backslash at the end of a line joins it with the next, leading
 * `--name=value` words are flags. Throws for a here-document, which would swallow the lines behind it, and for an
 * instruction that Docker does not know.
 */
export function readDockerfile(
  text: string,
  { joinsTwoBackslashes = false }: ReaderOptions = {},
): Instruction[] {
  const continued = joinsTwoBackslashes ? /\\[ \t]*$/ : /(?<!\\)\\[ \t]*$/;
  const instructions: Instruction[] = [];
  let open: string | null = null;
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r$/, '');
    const bare = dockerTrim(line);
    if (bare === '' || bare.startsWith('#')) continue;
    const part: string = open === null ? line.replace(TRIM_START, '') : line;
    const joined: string = (open ?? '') + part.replace(continued, '');
    if (continued.test(part)) {
      open = joined;
      continue;
    }
    instructions.push(toInstruction(joined));
    open = null;
  }
  if (open !== null) instructions.push(toInstruction(open));
  return instructions;
}

function toInstruction(line: string): Instruction {
  const [, name = '', args = ''] =
    /^([^\t\v\f\r ]+)(?:[\t\v\f\r ]+(.*))?$/su.exec(dockerTrim(line)) ?? [];
  const keyword = name.toUpperCase();
  if (
    !/^(?:FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL)$/.test(
      keyword,
    )
  ) {
    throw new Error(`unknown instruction: ${name}`);
  }
  if (WITH_HEREDOC.includes(keyword)) refuseHeredoc(line);
  const { flags, rest } = takeFlags(dockerTrim(args));
  const json = WITH_JSON.includes(keyword) ? readJson(rest) : null;
  return { keyword, flags, rest, json };
}

/** The words are split at spaces outside of quotes; their quotes and escapes stay. */
function refuseHeredoc(line: string): void {
  let word = '';
  let quote = '';
  for (let at = 0; at <= line.length; at += 1) {
    const char = line.charAt(at);
    if (char === '' || (quote === '' && IS_SPACE.test(char))) {
      if (/^\d*<<-?[^<]+$/.test(word)) {
        throw new Error(`opens a here-document: ${word}`);
      }
      word = '';
      continue;
    }
    word += char;
    if (char === '\\' && quote !== "'") word += line.charAt((at += 1));
    else if (char === quote) quote = '';
    else if (quote === '' && /["']/.test(char)) quote = char;
  }
}

function takeFlags(args: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (at < args.length && IS_SPACE.test(args.charAt(at))) at += 1;
    if (!args.startsWith('--', at)) return { flags, rest: args.slice(at) };
    let flag = '';
    let quote = '';
    for (; at < args.length; at += 1) {
      const char = args.charAt(at);
      if (quote === '' && IS_SPACE.test(char)) break;
      if (char === quote) quote = '';
      else if (quote === '' && /["']/.test(char)) quote = char;
      else flag += char === '\\' ? args.charAt((at += 1)) : char;
    }
    if (flag === '--') return { flags, rest: args.slice(at) };
    flags.push(flag);
  }
}

/** Go decodes the first value and takes no notice of what follows it. */
function readJson(rest: string): string[] | null {
  if (!rest.startsWith('[')) return null;
  for (
    let end = rest.indexOf(']');
    end !== -1;
    end = rest.indexOf(']', end + 1)
  ) {
    try {
      const value: unknown = JSON.parse(rest.slice(0, end + 1));
      const isList =
        Array.isArray(value) && value.every((word) => typeof word === 'string');
      return isList ? value : null;
    } catch {
      continue;
    }
  }
  return null;
}

/** A word with its quotes taken off and its references replaced from `known`, as Docker does in ENV and COPY. */
export function expandWord(
  word: string,
  known: (name: string) => string,
): string {
  let out = '';
  let quote = '';
  for (let at = 0; at < word.length; at += 1) {
    const char = word.charAt(at);
    if (quote === "'") {
      if (char === "'") quote = '';
      else out += char;
    } else if (char === '\\') {
      const next = word.charAt((at += 1));
      out += quote === '"' && !/["$\\]/.test(next) ? `\\${next}` : next;
    } else if (char === '"' || (char === "'" && quote === '')) {
      quote = quote === '' ? char : '';
    } else if (char === '$') {
      const name = /^(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))/.exec(
        word.slice(at + 1),
      );
      if (!name) out += '$';
      else out += replaced(name, known);
      at += name?.[0].length ?? 0;
    } else out += char;
  }
  if (quote !== '') throw new Error(`a quote is never closed: ${word}`);
  return out;
}

function replaced(
  [, braced, sign, other = '', plain]: RegExpExecArray,
  known: (name: string) => string,
): string {
  const value = known(braced ?? plain ?? '');
  if (sign === '-') return value || other;
  return sign === '+' ? (value ? other : '') : value;
}

/** The variables an `ENV` sets: words split and unquoted, and references replaced from `known`, as Docker does. */
export function readEnv(
  rest: string,
  known: (name: string) => string,
): [key: string, value: string][] {
  return envWords(rest).map((word) => {
    const equals = word.indexOf('=');
    if (equals === -1) throw new Error(`can't find = in ${word}`);
    return [word.slice(0, equals), expandWord(word.slice(equals + 1), known)];
  });
}

function envWords(rest: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < rest.length; at += 1) {
    const char = rest.charAt(at);
    if (quote === '' && IS_SPACE.test(char)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    word += char;
    if (char === '\\' && quote !== "'") word += rest.charAt((at += 1));
    else if (char === quote) quote = '';
    else if (quote === '' && /["']/.test(char)) quote = char;
  }
  return word === '' ? words : [...words, word];
}
