import { SpecError } from './errors';
import { Budget } from './python-budget';

/** One part of a pattern. */
export type GlobToken =
  | { kind: 'char'; char: string }
  | { kind: 'class'; matches: (char: string) => boolean }
  /** Any number of characters, also none. `slash`: the separator of folders too. */
  | { kind: 'many'; slash: boolean }
  /** Any number of whole folders, each with its separator, also none. */
  | { kind: 'folders' };

/** A pattern. Its plain ends tell most texts apart without more work. */
export type Glob = { tokens: readonly GlobToken[]; head: string; tail: string };

export function toGlob(tokens: readonly GlobToken[]): Glob {
  const head = plainStart(tokens);
  const isPlain = head.length === tokens.length;
  const tail = isPlain ? head : plainStart(tokens.toReversed()).reverse();
  return { tokens, head: head.join(''), tail: tail.join('') };
}

function plainStart(tokens: readonly GlobToken[]): string[] {
  const end = tokens.findIndex(({ kind }) => kind !== 'char');
  return tokens
    .slice(0, end === -1 ? tokens.length : end)
    .map((token) => (token.kind === 'char' ? token.char : ''));
}

/** Ignore files come with uploads, so what they may cost is bounded; real ones need less than a tenth. */
const MAX_STEPS = 20_000_000;

/** What matching may cost in all. Throws `SPEC_INVALID` when it is spent. */
export class GlobWork {
  readonly #budget = new Budget(MAX_STEPS);

  spend(amount: number): void {
    if (this.#budget.spend(amount)) return;
    const message =
      'The ignore files of the project are too costly to apply. Shorten their patterns.';
    throw new SpecError(message, { source_root: message });
  }
}

/**
 * Whether a pattern matches a whole text. All ways to match are followed at once, so the time is at most the product of
 * both lengths, whatever the pattern.
 */
export function globMatches(
  { tokens, head, tail }: Glob,
  text: string,
  work: GlobWork,
): boolean {
  work.spend(1);
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  let states = new Set<number>();
  enter(tokens, states, 0);
  for (const char of text) {
    work.spend(states.size + 1);
    const next = new Set<number>();
    for (const state of states) step(tokens, next, state, char);
    if (next.size === 0) return false;
    states = next;
  }
  return states.has(tokens.length);
}

/** State n: tokens up to n are matched; -n: within the folders that token n-1 stands for. */
function enter(
  tokens: readonly GlobToken[],
  states: Set<number>,
  start: number,
): void {
  for (let state = start; ; state += 1) {
    states.add(state);
    const kind = tokens[state]?.kind;
    if (kind === 'folders') states.add(-state - 1);
    else if (kind !== 'many') return;
  }
}

function step(
  tokens: readonly GlobToken[],
  next: Set<number>,
  state: number,
  char: string,
): void {
  if (state < 0) {
    next.add(state);
    if (char === '/') enter(tokens, next, -state);
    return;
  }
  const token = tokens[state];
  if (token?.kind === 'many') {
    if (token.slash || char !== '/') enter(tokens, next, state);
  } else if (token?.kind === 'char' ? token.char === char : isIn(token, char)) {
    enter(tokens, next, state + 1);
  }
}

function isIn(token: GlobToken | undefined, char: string): boolean {
  return token?.kind === 'class' && token.matches(char);
}
