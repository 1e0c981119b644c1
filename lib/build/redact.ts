import type { LogLine } from '@/lib/build/log-lines';
import { allForms, flatten } from '@/lib/build/secret-forms';

const MASK = '***';
/** A line that ends with this many characters of a secret waits for its next line. */
const MIN_PREFIX = 4;
/** A secret that lost up to three characters to the line before is still hidden, if this much of it is left. */
const MIN_REST = 12;
/** A secret that is broken off at the end of the output is hidden from this length on. */
const MIN_BROKEN_OFF = 8;
/** No more lines than this wait for the rest of a secret. */
const MAX_HELD = 200;

const USER_INFO = /\/\/[^\s/:@]*:[^\s/]*@/g;

type Range = { start: number; end: number };

/**
 * Hides known secrets in text: as they are, each line of a multi-line one, base64 (any alignment, both alphabets), hex,
 * URL-escaped and JSON-escaped, also when a program wrapped them over several lines; and `//user:pass@` of any URL.
 * It knows nothing of secrets it was not given.
 */
export class Redactor {
  #forms: readonly string[] = [];
  #starts: RegExp | null = null;

  constructor(secrets: Iterable<string>) {
    this.add(secrets);
  }

  /** Hides these, too, from here on: also in streams that are open already. */
  add(secrets: Iterable<string>): void {
    const forms = new Set(this.#forms);
    for (const form of [...secrets].flatMap((one) => [...allForms(one)])) {
      forms.add(form);
      for (let lost = 1; lost <= 3; lost += 1) {
        if (form.length - lost >= MIN_REST) forms.add(form.slice(lost));
      }
    }
    this.#forms = [...forms];
    const starts = this.#forms.map((form) => form.slice(0, MIN_PREFIX));
    const patterns = [...new Set(starts)].map(escapeRegExp);
    this.#starts = patterns.length > 0 ? new RegExp(patterns.join('|')) : null;
  }

  /** Hides every secret in a text that is here as a whole, and what stands before the host of a URL. */
  text(text: string): string {
    return hideUserInfo(this.hide(text));
  }

  /** Hides every secret it knows in a text that is here as a whole, and keeps its line breaks. */
  hide(text: string): string {
    return this.isClean(text) ? text : mask(text, this.find(text));
  }

  /** A redactor for the lines of one stream, which remembers what the last line ended with. */
  lines(): LineRedactor {
    return new LineRedactor(this);
  }

  /** Whether the text holds not even the beginning of a secret. Cheap, and true for nearly every line. */
  isClean(text: string): boolean {
    return this.#starts === null || !this.#starts.test(text);
  }

  /** Where secrets stand in the text, reading over line breaks and indentation. */
  find(text: string): Range[] {
    const flat = flatten(text);
    const ranges: Range[] = [];
    for (const form of this.#forms) {
      for (
        let at = flat.text.indexOf(form);
        at >= 0;
        at = flat.text.indexOf(form, at + 1)
      ) {
        ranges.push({
          start: flat.at(at),
          end: flat.at(at + form.length - 1) + 1,
        });
      }
    }
    return ranges;
  }

  /** Where, at the very end of the text, a secret begins of which the rest may still come; `null` when none does. */
  findOpen(text: string): number | null {
    const flat = flatten(text);
    let open: number | null = null;
    for (const form of this.#forms) {
      const longest = Math.min(form.length - 1, flat.text.length);
      for (let length = longest; length >= MIN_PREFIX; length -= 1) {
        const at = flat.text.length - length;
        if (open !== null && at >= open) break;
        if (flat.text.endsWith(form.slice(0, length))) open = at;
      }
    }
    return open === null ? null : flat.at(open);
  }
}

/** Redacts line after line of one stream. A line that ends inside a secret waits until the rest is known. */
export class LineRedactor {
  readonly #redactor: Redactor;
  #held: LogLine[] = [];

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** Gives the lines that are safe to show, in order; usually the one that was pushed. */
  push(line: LogLine): LogLine[] {
    if (this.#held.length === 0 && this.#redactor.isClean(line.text)) {
      return [{ ...line, text: hideUserInfo(line.text) }];
    }
    const lines = [...this.#held, line];
    const text = join(lines);
    const ranges = this.#redactor.find(text);
    const open = lines.length > MAX_HELD ? null : this.#redactor.findOpen(text);
    const ready =
      open === null ? lines.length : firstLineTouching(text, open, ranges);
    this.#held = lines.slice(ready);
    return masked(lines, text, ranges).slice(0, ready);
  }

  /** Gives what still waits: when the stream is over, or has been quiet so long that no rest will come. */
  end(): LogLine[] {
    const lines = this.#held;
    if (lines.length === 0) return [];
    this.#held = [];
    const text = join(lines);
    const ranges = this.#redactor.find(text);
    const open = this.#redactor.findOpen(text);
    if (open !== null && text.length - open >= MIN_BROKEN_OFF)
      ranges.push({ start: open, end: text.length });
    return masked(lines, text, ranges);
  }
}

function mask(text: string, ranges: Range[]): string {
  let out = '';
  let from = 0;
  for (const { start, end } of merge(ranges)) {
    // Line breaks inside a wrapped secret stay, so that lines remain lines.
    const hidden = text.slice(start, end).replace(/[^\n]+/g, MASK);
    out += text.slice(from, start) + hidden;
    from = end;
  }
  return out + text.slice(from);
}

function masked(lines: LogLine[], text: string, ranges: Range[]): LogLine[] {
  const texts = mask(text, ranges).split('\n');
  return lines.map((line, index) => ({
    ...line,
    text: hideUserInfo(texts[index] ?? ''),
  }));
}

function merge(ranges: Range[]): Range[] {
  const out: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last && range.start <= last.end)
      last.end = Math.max(last.end, range.end);
    else out.push({ ...range });
  }
  return out;
}

/** The line where `open` stands, or the earlier one where a secret begins that reaches into it. */
function firstLineTouching(
  text: string,
  open: number,
  ranges: Range[],
): number {
  let start = text.lastIndexOf('\n', open - 1) + 1;
  for (const range of merge(ranges).reverse()) {
    if (range.end > start && range.start < start)
      start = text.lastIndexOf('\n', range.start) + 1;
  }
  return text.slice(0, start).split('\n').length - 1;
}

function join(lines: LogLine[]): string {
  return lines.map((line) => line.text).join('\n');
}

function hideUserInfo(text: string): string {
  return text.includes('@') ? text.replace(USER_INFO, `//${MASK}@`) : text;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
