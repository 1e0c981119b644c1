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
  #arrived = 0;

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
}
