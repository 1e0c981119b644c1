/** One instruction of a Dockerfile, its continued lines joined. */
export type Instruction = {
  /** In capitals; '' for what stands between instructions: comments and empty lines. */
  keyword: string;
  /** The words that begin with `--`, before anything else. */
  flags: string[];
  rest: string;
  /** As it was written, line breaks included, and a here-document with it. */
  text: string;
};

const HEREDOC = /(?<=^|\s)\d*<<-?(["']?)([A-Za-z_]\w*)\1(?=\s|$)/g;

/** Takes a Dockerfile apart. Every line is in exactly one of the texts, so that joined they are the Dockerfile again. */
export function readInstructions(dockerfile: string): Instruction[] {
  const lines = dockerfile.split('\n');
  const found: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const from = at;
    let joined = '';
    for (let isOpen = true; isOpen && at < lines.length; at += 1) {
      const line = lines[at] ?? '';
      // Comments and empty lines do not end what is continued.
      if (/^\s*(?:#|$)/.test(line)) {
        isOpen = joined !== '';
        continue;
      }
      isOpen = /\\\s*$/.test(line);
      joined += isOpen ? line.replace(/\\\s*$/, '') : line;
    }
    for (const word of heredocWords(joined)) {
      const end = lines.findIndex(
        (line, index) => index >= at && line.trim() === word,
      );
      if (end >= 0) at = end + 1;
    }
    found.push({ ...parse(joined), text: lines.slice(from, at).join('\n') });
  }
  return found;
}

/** The words that end the here-documents of an instruction. */
export function heredocWords(instruction: string): string[] {
  return /^\s*(?:RUN|COPY|ADD)\b/i.test(instruction)
    ? [...instruction.matchAll(HEREDOC)].map(([, , word = '']) => word)
    : [];
}

function parse(line: string): Omit<Instruction, 'text'> {
  const [, keyword = '', flags = '', rest = ''] =
    /^\s*(\w+)\s*((?:--\S+\s+)*)([^]*)$/.exec(line) ?? [];
  return {
    keyword: keyword.toUpperCase(),
    flags: flags.split(/\s+/).filter((flag) => flag !== ''),
    rest: rest.trim(),
  };
}

/** The options of a `--mount` flag; `type` is `bind` where it says none. */
export function mountOptions(flag: string): Map<string, string> | null {
  const text = /^--mount=(.*)$/.exec(flag)?.[1];
  if (text === undefined) return null;
  const options = new Map([['type', 'bind']]);
  for (const option of text.split(',')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/.exec(option) ?? [];
    options.set(name, value);
  }
  return options;
}

/** A RUN up to the end of its flags, with the comments before it. */
const RUN_FLAGS =
  /^(?:\s*(?:#.*)?\n)*\s*RUN(?:\s|\\\n)+(?:--\S+(?:\s|\\\n)+)*/i;

/** Changes a RUN as far as its flags go; its command, which may have words like them, stays as it is. */
export function runFlags(
  text: string,
  change: (flags: string) => string,
): string {
  return text.replace(RUN_FLAGS, change);
}
