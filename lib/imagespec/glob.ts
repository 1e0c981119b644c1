import { SpecError } from './errors';
import { Budget } from './python-budget';

/** One part of a pattern. `slash`: whether it also takes the separator of folders. */
export type GlobToken =
  | { kind: 'one'; matches: (char: string) => boolean }
  /** Any number of characters, also none. */
  | { kind: 'many'; slash: boolean }
  /** Any number of whole folders, each with its separator, also none. */
  | { kind: 'folders' };

export type Glob = readonly GlobToken[];

/** Ignore files come with uploads, so what they may cost is bounded; real ones need less than a hundredth. */
const MAX_STEPS = 200_000_000;

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
export function globMatches(glob: Glob, text: string, work: GlobWork): boolean {
  let states = new Set<number>();
  enter(glob, states, 0);
  for (const char of text) {
    work.spend(states.size + 1);
    const next = new Set<number>();
    for (const state of states) step(glob, next, state, char);
    if (next.size === 0) return false;
    states = next;
  }
  return states.has(glob.length);
}

/** State n: tokens up to n are matched; -n: within the folders that token n-1 stands for. */
function enter(glob: Glob, states: Set<number>, state: number): void {
  states.add(state);
  const token = glob[state];
  if (token?.kind === 'many') enter(glob, states, state + 1);
  if (token?.kind !== 'folders') return;
  states.add(-state - 1);
  enter(glob, states, state + 1);
}

function step(glob: Glob, next: Set<number>, state: number, char: string) {
  if (state < 0) {
    next.add(state);
    if (char === '/') enter(glob, next, -state);
    return;
  }
  const token = glob[state];
  if (token?.kind === 'many' && (token.slash || char !== '/')) {
    enter(glob, next, state);
  } else if (token?.kind === 'one' && token.matches(char)) {
    enter(glob, next, state + 1);
  }
}

/** A token for one given character. */
export function literal(char: string): GlobToken {
  return { kind: 'one', matches: (other) => other === char };
}
