import type { BuildLog } from '@/components/builds/build-log';
import { PAGE_LINES, type StepLines } from '@/components/builds/step-lines';
import type { LinesView, LineView } from '@/lib/build/views';

/** Reads lines of one step from line number `from` on. */
export type ReadLines = (query: {
  attempt: number;
  step: string;
  from: number;
  limit: number;
}) => Promise<LinesView>;

/**
 * Fills a log with the pages somebody looks at. The server finds lines by their number over the attempt, a viewer by
 * their place in the step: where no other step printed in between one follows from the other, which one look at the
 * last page proves; else the pages are read one after the other.
 */
export class LogReader {
  readonly #log: BuildLog;
  readonly #read: ReadLines;
  #running = new Map<string, Promise<void>>();
  #failures = new Map<string, Error>();

  constructor(log: BuildLog, read: ReadLines) {
    this.#log = log;
    this.#read = read;
  }

  /** What went wrong when the step was last read, until the next try. */
  failureOf(step: string): Error | undefined {
    return this.#failures.get(step);
  }

  /** Makes lines `first` to `last` (by place, inclusive) be there. Resolves also when reading failed; see `failureOf`. */
  async want(step: string, first: number, last: number): Promise<void> {
    const end = Math.min(last, this.#log.countOf(step) - 1);
    for (
      let page = Math.floor(Math.max(0, first) / PAGE_LINES);
      page * PAGE_LINES <= end;
      page += 1
    )
      await this.#ensure(step, page);
  }

  /** Every line of a step, in order. Throws what went wrong. For steps that fit in memory at once. */
  async all(step: string): Promise<LineView[]> {
    const count = this.#log.countOf(step);
    this.#failures.delete(step);
    await this.want(step, 0, count - 1);
    const lines = this.#log.linesOf(step);
    return Array.from({ length: count }, (_, index) => {
      const line = lines.line(index);
      if (!line)
        throw this.failureOf(step) ?? new RangeError('Too many lines.');
      return line;
    });
  }

  /** Forgets a failure, so that `want` tries again. */
  retry(step: string): void {
    this.#failures.delete(step);
    this.#log.changed();
  }

  async #ensure(step: string, page: number): Promise<void> {
    if (this.#failures.has(step)) return;
    if (this.#log.linesOf(step).holds(page, this.#log.countOf(step))) return;
    // One after the other within a step: a later page may need what an earlier one tells.
    const before = this.#running.get(step);
    if (before) {
      await before;
      return this.#ensure(step, page);
    }
    const running = this.#load(step, page)
      .catch((error: unknown) => {
        this.#failures.set(
          step,
          error instanceof Error ? error : new Error('Reading lines failed.'),
        );
      })
      .finally(() => {
        this.#running.delete(step);
        this.#log.changed();
      });
    this.#running.set(step, running);
    await running;
  }

  async #load(step: string, page: number): Promise<void> {
    const lines = this.#log.linesOf(step);
    if (lines.startOf(page) === undefined) {
      if (lines.firstNumber === undefined) await this.#fetch(step, lines, 0);
      if (lines.isContiguous === undefined) await this.#probe(step, lines);
    }
    let next = page;
    while (lines.startOf(next) === undefined) next -= 1;
    for (; next <= page; next += 1)
      if (!lines.holds(next, this.#log.countOf(step)))
        await this.#fetch(step, lines, next);
  }

  async #fetch(step: string, lines: StepLines, page: number): Promise<void> {
    const from = lines.startOf(page);
    if (from === undefined) throw new RangeError('The page has no beginning.');
    const { attempt } = this.#log;
    const answer = await this.#read({ attempt, step, from, limit: PAGE_LINES });
    const expected = this.#log.countOf(step) - page * PAGE_LINES;
    if (answer.lines.length < Math.min(PAGE_LINES, expected))
      throw new RangeError('The server gave fewer lines than it has.');
    lines.put(page, answer.lines);
    this.#log.changed();
  }

  /** Guesses where the last page begins; when it is just there, every page is where the guess says. */
  async #probe(step: string, lines: StepLines): Promise<void> {
    const count = this.#log.countOf(step);
    const first = lines.firstNumber;
    if (first === undefined) return;
    const page = Math.floor((count - 1) / PAGE_LINES);
    const { attempt } = this.#log;
    const answer = await this.#read({
      attempt,
      step,
      from: first + page * PAGE_LINES,
      // One more than can be there: a line past the expected end disproves it.
      limit: PAGE_LINES + 1,
    });
    lines.isContiguous =
      answer.lines.length === count - page * PAGE_LINES &&
      answer.lines.at(-1)?.n === first + count - 1;
    if (lines.isContiguous) lines.put(page, answer.lines);
  }
}
