import { Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Budget } from './python-budget';

export const MAX_PYTHON_BYTES = 1024 * 1024;

/** Parser steps for one file, every further try after a fault included. A dense megabyte takes most of them. */
const MAX_STEPS = 600_000;
const MAX_ERRORS = 20;
const CLAUSES = new Set(['elif', 'else', 'except', 'finally']);

export type PythonError = { line: number; message: string };

/** A file with its tree. Positions are offsets in `text`, whose line ends are all `\n`. */
export type PythonSource = {
  text: string;
  tree: Tree;
  errors: PythonError[];
  lineOf: (position: number) => number;
};

/**
 * Parses a file, leaving out each top-level statement that is not valid Python, so that the rest can be read. Null when
 * nothing can be read at all: `errors` then says why.
 *
 * The grammar's own recovery is not used: it guesses values that were never written, and on hostile text it costs a
 * thousand times as much as reading.
 */
export function parsePython(
  source: string,
  budget: Budget,
): PythonSource | { tree: null; errors: PythonError[] } {
  if (
    source.length > MAX_PYTHON_BYTES ||
    new TextEncoder().encode(source).length > MAX_PYTHON_BYTES
  ) {
    return failed(1, 'The file is larger than 1 MiB.');
  }
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const lineOf = lineFinder(text);
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    return failed(lineOf(nul), 'Python refuses files with null bytes.');
  }
  const errors: PythonError[] = [];
  const attempts = new Attempts(text, budget);
  for (;;) {
    const attempt = attempts.parse(text.length);
    if (attempt.tree) return { text, tree: attempt.tree, errors, lineOf };
    const fault = attempts.isSpent ? null : attempts.locate(attempt.failedAt);
    if (!fault || errors.length >= MAX_ERRORS) {
      const message = attempts.isSpent
        ? 'The file takes too much work to read; the rest is left out.'
        : 'Reading stopped here. Mend the lines above and try again.';
      errors.push({ line: lineOf(attempts.good.length), message });
      return { text, tree: attempts.good, errors, lineOf };
    }
    const { from, to } = fault;
    errors.push(describe(text, fault, attempt.failedAt, lineOf));
    attempts.blank(from, to);
  }
}

function describe(
  text: string,
  { from, to }: { from: number; to: number },
  failedAt: number,
  lineOf: (position: number) => number,
): PythonError {
  const last = from + Math.max(0, text.slice(from, to).trimEnd().length - 1);
  const line = lineOf(Math.min(Math.max(from, failedAt), last));
  const range =
    lineOf(from) === lineOf(last)
      ? 'This line'
      : `The statement of lines ${lineOf(from)} to ${lineOf(last)}`;
  const message = `${range} cannot be read as Python and is left out.`;
  return { line, message };
}

function failed(line: number, message: string) {
  return { tree: null, errors: [{ line, message }] };
}

type Attempt = { tree: Tree } | { tree: null; failedAt: number };

/** Strict parses of the beginning of a text, in which invalid statements are blanked out one after another. */
class Attempts {
  /** The longest beginning that parsed. */
  good: Tree = Tree.empty;
  isSpent = false;
  #text: string;
  #steps = 0;
  readonly #budget: Budget;
  readonly #parser = parser.configure({ strict: true });

  constructor(text: string, budget: Budget) {
    this.#text = text;
    this.#budget = budget;
  }

  parse(end: number): Attempt {
    const parse = this.#parser.startParse(this.#text.slice(0, end));
    try {
      for (;;) {
        this.#steps += 1;
        this.#budget.spend();
        if (this.#steps > MAX_STEPS) {
          this.isSpent = true;
          return { tree: null, failedAt: parse.parsedPos };
        }
        const tree = parse.advance();
        if (!tree) continue;
        if (tree.length > this.good.length) this.good = tree;
        return { tree };
      }
    } catch (error) {
      // A SyntaxError is strict mode's "no parse"; a RangeError, nesting beyond the call stack.
      const isExpected =
        error instanceof SyntaxError || error instanceof RangeError;
      if (!isExpected) throw error;
      return { tree: null, failedAt: parse.parsedPos };
    }
  }

  /**
   * The top-level statement behind a failure: the first with which the text up to its end no longer parses. Often that
   * is the one where the parser stopped; after a bracket or string that is never closed it lies before.
   */
  locate(failedAt: number): { from: number; to: number } | null {
    const starts = statementStarts(this.#text);
    let last = starts.findLastIndex((start) => start <= failedAt);
    if (last === -1) last = 0;
    let step = 1;
    let bad = last;
    let known = last;
    while (known > 0 && !this.#parses(starts[known])) {
      bad = known - 1;
      known = Math.max(0, known - step);
      step *= 2;
    }
    // The text before `known` parses, the text up to the end of `bad` does not.
    while (known < bad) {
      const middle = Math.ceil((known + bad) / 2);
      if (this.#parses(starts[middle])) known = middle;
      else bad = middle - 1;
    }
    const from = starts[known];
    return this.isSpent || from === undefined
      ? null
      : { from, to: starts[known + 1] ?? this.#text.length };
  }

  #parses(end: number | undefined): boolean {
    return end === undefined || this.parse(end).tree !== null;
  }

  blank(from: number, to: number): void {
    const blanked = this.#text.slice(from, to).replace(/[^\n]/g, ' ');
    this.#text = this.#text.slice(0, from) + blanked + this.#text.slice(to);
  }
}

/** Offsets of lines that begin a statement: in the first column, not going on with the one above. */
function statementStarts(text: string): number[] {
  const starts: number[] = [];
  let isBelowDecorator = false;
  for (const { index, 0: word } of text.matchAll(/^(?:[a-z]+|[^\s#)\]}])/gm)) {
    if (!isBelowDecorator && !CLAUSES.has(word)) starts.push(index);
    isBelowDecorator = word === '@';
  }
  return starts;
}

function lineFinder(text: string): (position: number) => number {
  const starts = [0];
  for (
    let at = text.indexOf('\n');
    at !== -1;
    at = text.indexOf('\n', at + 1)
  ) {
    starts.push(at + 1);
  }
  return (position) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
