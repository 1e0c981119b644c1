export type Instruction = { keyword: string; flags: string[]; rest: string };

/**
 * Reads a Dockerfile as Docker's parser does, on its own: comments and empty lines go, a backslash at the end of a line
 * joins it with the next, and leading `--name=value` words are flags.
 */
export function readDockerfile(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line) || line.trim() === '') continue;
    const continued = /\\[ \t]*$/.exec(line);
    open += continued ? line.slice(0, continued.index) : line;
    if (continued) continue;
    instructions.push(toInstruction(open));
    open = '';
  }
  if (open !== '') instructions.push(toInstruction(open));
  return instructions;
}

function toInstruction(text: string): Instruction {
  const match = /^\s*(\S+)\s*(.*)$/su.exec(text);
  let rest = match?.[2] ?? '';
  const flags: string[] = [];
  for (;;) {
    const flag = /^(--\S*)\s*/.exec(rest);
    if (!flag) break;
    flags.push(flag[1] ?? '');
    rest = rest.slice(flag[0].length);
  }
  return { keyword: (match?.[1] ?? '').toUpperCase(), flags, rest };
}

/** The variables an `ENV` sets: words split and unquoted, and references replaced from `known`, as Docker does. */
export function readEnv(
  rest: string,
  known: ReadonlyMap<string, string>,
): [key: string, value: string][] {
  const pairs: [string, string][] = [];
  let at = 0;
  while (at < rest.length) {
    if (/\s/u.test(rest.charAt(at))) {
      at += 1;
      continue;
    }
    const equals = rest.indexOf('=', at);
    const key = rest.slice(at, equals);
    let value = '';
    let quoted = false;
    at = equals + 1;
    for (; at < rest.length; at += 1) {
      const char = rest.charAt(at);
      if (char === '"') quoted = !quoted;
      else if (!quoted && /\s/u.test(char)) break;
      else if (char === '\\')
        value += escapedIn(rest.charAt((at += 1)), quoted);
      else if (char === '$') {
        const name = /^(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))/.exec(
          rest.slice(at + 1),
        );
        const found = known.get(name?.[1] ?? name?.[4] ?? '') ?? '';
        if (name?.[2] === '-') value += found || (name[3] ?? '');
        else if (name?.[2] === '+') value += found ? (name[3] ?? '') : '';
        else value += name ? found : '$';
        at += name?.[0].length ?? 0;
      } else value += char;
    }
    pairs.push([key, value]);
  }
  return pairs;
}

function escapedIn(char: string, quoted: boolean): string {
  return quoted && !['"', '$', '\\'].includes(char) ? `\\${char}` : char;
}
