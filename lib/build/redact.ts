import type { LogLine } from '@/lib/build/log-lines';

const MASK = '***';
/** Shorter secrets are left alone: they would blank half the log and are found by guessing anyway. */
const MIN_SECRET = 6;
/** A line that ends with this many characters of a secret waits for its next line. */
const MIN_PREFIX = 4;
/** A secret that lost up to three characters to the line before is still hidden, if this much of it is left. */
const MIN_REST = 12;
/** A secret that is broken off at the end of the output is hidden from this length on. */
const MIN_BROKEN_OFF = 8;
/** No more lines than this wait for the rest of a secret. */
const MAX_HELD = 200;

const SECRET_FIELD = /key|secret|token|password/i;
const LINE_BREAKS = /[ \t\r]*\n[ \t]*/g;
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

function allForms(secret: string): Set<string> {
  const pieces = new Set([
    secret,
    ...secret.split(/\r\n|\n|\r/),
    ...fieldsOfJson(secret),
  ]);
  const forms = new Set<string>();
  for (const piece of pieces) {
    if (piece.trim().length < MIN_SECRET) continue;
    forms.add(flatten(piece.trim()).text);
    for (const form of [
      ...escapes(piece),
      ...base64Forms(piece),
      ...hexForms(piece),
    ]) {
      if (form.length >= MIN_SECRET && !form.includes('\n')) forms.add(form);
    }
  }
  return forms;
}

/** A JSON key file is read by programs, which then print its parts unescaped. */
function fieldsOfJson(secret: string): string[] {
  if (!secret.trimStart().startsWith('{')) return [];
  try {
    const found: string[] = [];
    JSON.parse(secret, (key, value: unknown) => {
      if (
        typeof value === 'string' &&
        SECRET_FIELD.test(key) &&
        value.length >= 16
      ) {
        found.push(value, ...value.split('\n'));
      }
      return value;
    });
    return found;
  } catch {
    return [];
  }
}

function escapes(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const strict = url.replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const urls = [url, strict].flatMap((form) => [
    form,
    form.replaceAll('%2F', '/'),
  ]);
  const forms = urls.flatMap((form) => [form, form.replaceAll('%20', '+')]);
  return [
    json,
    json.replaceAll('/', '\\/'),
    json.replace(
      /[^\x20-\x7e]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    ...forms,
    ...forms.map((form) =>
      form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    ),
  ];
}

/** What base64 of any text around the secret must contain: only characters all of whose bits are the secret's. */
function base64Forms(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].flatMap((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const whole = toBase64(padded);
    const standard = whole.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor((padded.length * 8) / 6),
    );
    return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** As digests and dumps write bytes. */
function hexForms(text: string): string[] {
  const hex = [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return [hex, hex.toUpperCase()];
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The text without its line breaks and the indentation around them, and the way back to the original places. */
function flatten(text: string): {
  text: string;
  at: (index: number) => number;
} {
  if (!text.includes('\n')) return { text, at: (index) => index };
  const places: number[] = [];
  let flat = '';
  let from = 0;
  for (const gap of [
    ...text.matchAll(LINE_BREAKS),
    { index: text.length, 0: '' },
  ]) {
    for (let at = from; at < gap.index; at += 1) places.push(at);
    flat += text.slice(from, gap.index);
    from = gap.index + gap[0].length;
  }
  return { text: flat, at: (index) => places[index] ?? text.length };
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
