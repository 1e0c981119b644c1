import type { LineView } from '@/lib/build/views';

export const PAGE_LINES = 500;
/** Pages one step keeps: 50,000 lines. What is let go can be read again. */
const MAX_PAGES = 100;

/**
 * The lines of one step by their place in it, from 0, in pages. A page is there from its first line on; lines of a
 * stream are appended, pages of a finished log are put in any order. The longest unused pages are let go.
 */
export class StepLines {
  // In order of use, the longest unused first.
  #pages = new Map<number, LineView[]>();
  // Line number of a page's first line, kept when the page is let go.
  #starts = new Map<number, number>();
  #arrived = 0;
  /** Whether no other step's lines lie between: then a line's number follows from its place. Unknown at first. */
  isContiguous: boolean | undefined;

  /** Lines appended so far, whether kept or let go. */
  get arrived(): number {
    return this.#arrived;
  }

  append(line: LineView): void {
    const page = Math.floor(this.#arrived / PAGE_LINES);
    const place = this.#arrived % PAGE_LINES;
    this.#arrived += 1;
    if (place === 0) this.put(page, [line]);
    else {
      const lines = this.#pages.get(page);
      if (lines?.length === place) lines.push(line);
    }
  }

  put(page: number, lines: LineView[]): void {
    const [first] = lines;
    if (first) this.#starts.set(page, first.n);
    this.#pages.delete(page);
    this.#pages.set(page, lines);
    for (const old of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      if (old !== this.#growing) this.#pages.delete(old);
    }
  }

  // The page that lines are appended to.
  get #growing(): number {
    return this.#arrived % PAGE_LINES === 0
      ? -1
      : Math.floor(this.#arrived / PAGE_LINES);
  }

  line(index: number): LineView | undefined {
    return this.#pages.get(Math.floor(index / PAGE_LINES))?.[
      index % PAGE_LINES
    ];
  }

  /** Whether the page holds all it can hold of `count` lines. Asking counts as use. */
  holds(page: number, count: number): boolean {
    const lines = this.#pages.get(page);
    if (!lines) return false;
    this.#pages.delete(page);
    this.#pages.set(page, lines);
    return lines.length >= Math.min(PAGE_LINES, count - page * PAGE_LINES);
  }

  /** Number of the line a page begins with, as far as it is known; for the page after a known one, a number before it. */
  startOf(page: number): number | undefined {
    if (page === 0) return 1;
    const known = this.#starts.get(page);
    if (known !== undefined) return known;
    const first = this.#starts.get(0);
    if (this.isContiguous && first !== undefined)
      return first + page * PAGE_LINES;
    const before = this.#pages.get(page - 1);
    const last = before?.[PAGE_LINES - 1];
    return last === undefined ? undefined : last.n + 1;
  }

  /** The first line's number, once its page was here. */
  get firstNumber(): number | undefined {
    return this.#starts.get(0);
  }
}
