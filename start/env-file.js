import { readFileSync } from 'node:fs';

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;

/** The variables of a `.env` file: `NAME=value` lines, optional quotes, `#` comments. Nothing is expanded. */
export function parseEnvFile(text) {
  const values = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, raw] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const quoted = /^(['"])(.*)\1(?:\s+#.*)?$/.exec(raw);
    values[name] = quoted ? quoted[2] : raw.replace(/(^|\s)#.*$/, '');
  }
  return values;
}

/** The environment with the file's variables below it: what is set already wins. */
export function withEnvFile(env, file) {
  try {
    return { ...parseEnvFile(readFileSync(file, 'utf8')), ...env };
  } catch (error) {
    if (error.code === 'ENOENT') return { ...env };
    throw error;
  }
}
