import { expandWord, type Instruction, readEnv } from './dockerfile-reader';
import { shellTokens } from './shell-reader';

/** What an instruction does, whatever way it is written: words without their quotes, references as `${NAME}`. */
export type Canonical = { keyword: string; flags: string[]; args: string[] };

const reference = (name: string) => `\${${name}}`;

export function canonical({
  keyword,
  flags,
  rest,
  json,
}: Instruction): Canonical {
  return { keyword, flags: flags.map(flag), args: args() };

  function args(): string[] {
    switch (keyword) {
      case 'FROM':
        return rest
          .split(/\s+/)
          .map((word, index) => (index === 1 ? word.toUpperCase() : word));
      case 'ENV':
        return readEnv(rest, reference).map((pair) => pair.join('='));
      case 'COPY':
        return (json ?? rest.split(/\s+/)).map((word) =>
          expandWord(word, reference),
        );
      case 'ENTRYPOINT':
      case 'SHELL':
        return json ?? ['not in JSON form', rest];
      case 'RUN':
        return json ? ['JSON form', ...json] : (shellTokens(rest) ?? [rest]);
      default:
        return [rest];
    }
  }
}

/** A mount's options in one order; `src`, `dst` and their like have one name. */
function flag(text: string): string {
  const [name, value] = text.split(/=(.*)/s);
  if (name !== '--mount' || value === undefined) return text;
  const names: Record<string, string> = { src: 'source', dst: 'target' };
  const options = value.split(',').map((option) => {
    const [key = '', ...rest] = option.split('=');
    return [names[key] ?? key, ...rest].join('=');
  });
  const bind = options.some((option) => option.startsWith('type='))
    ? []
    : ['type=bind'];
  return `--mount=${[...bind, ...options].sort().join(',')}`;
}
