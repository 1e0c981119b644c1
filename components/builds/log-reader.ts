import type { BuildLog } from '@/components/builds/build-log';
import { PAGE_LINES } from '@/components/builds/step-lines';
import type { LinesView, LineView } from '@/lib/build/views';

/** Reads lines of one step from its line `from` on, counted from 1. */
export type ReadLines = (query: {
  attempt: number;
  step: string;
  from: number;
  limit: number;
}) => Promise<LinesView>;

/** Fills a log with the pages somebody looks at. */
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

  /** Lines `first` to `last` in order. Throws what went wrong. For what fits in memory at once. */
  async range(step: string, first: number, last: number): Promise<LineView[]> {
    this.#failures.delete(step);
    await this.want(step, first, last);
    const lines = this.#log.linesOf(step);
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const line = lines.line(first + index);
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

  #ensure(step: string, page: number): Promise<void> | undefined {
    if (this.#failures.has(step)) return undefined;
    if (this.#log.linesOf(step).holds(page, this.#log.countOf(step)))
      return undefined;
    const id = `${page} ${step}`;
    const running =
      this.#running.get(id) ??
      this.#fetch(step, page)
        .catch((error: unknown) => {
          this.#failures.set(
            step,
            error instanceof Error ? error : new Error('Reading lines failed.'),
          );
        })
        .finally(() => {
          this.#running.delete(id);
          this.#log.changed();
        });
    this.#running.set(id, running);
    return running;
  }

  async #fetch(step: string, page: number): Promise<void> {
    const { attempt } = this.#log;
    const { lines } = await this.#read({
      attempt,
      step,
      from: page * PAGE_LINES + 1,
      limit: PAGE_LINES,
    });
    if (attempt !== this.#log.attempt) return;
    const expected = this.#log.countOf(step) - page * PAGE_LINES;
    if (lines.length < Math.min(PAGE_LINES, expected))
      throw new RangeError('The server gave fewer lines than it has.');
    this.#log.linesOf(step).put(page, lines);
  }
}
