import { type AnsiSpan, parseAnsi } from '@/lib/build/ansi';
import { findWords, lastFrame, plainLine } from '@/lib/build/plain-line';

/** Characters of one line that are drawn; the rest is in the download. */
export const SHOWN_CHARS = 4000;

// What package managers, compilers and Python begin a line with when it says what went wrong.
const ERROR_LINE =
  /^\s*(?:E: |error\b|ERROR\b|fatal: |FATAL\b|× |Traceback \(|[A-Za-z_.]*(?:Error|Exception): )/;

/** What BuildKit prints where it leaves output out. */
const CLIPPED = /\[output clipped, log limit ([^\]\n]{1,40}) reached\]\s*$/;

export type ShownLine = {
  spans: AnsiSpan[];
  isError: boolean;
  /** Characters not drawn. */
  hidden: number;
  /** Why the engine left out what would follow. */
  clipped: string | null;
};

/** A stored line as it is drawn. */
export function toShownLine(text: string): ShownLine {
  const last = lastFrame(text);
  const limit = CLIPPED.exec(last)?.[1];
  const frame = limit === undefined ? last : last.replace(CLIPPED, '');
  const isLong = frame.length > SHOWN_CHARS;
  const drawn = isLong ? frame.slice(0, SHOWN_CHARS) : frame;
  const spans = parseAnsi(drawn);
  const plain = spans.map((span) => span.text).join('');
  return {
    spans,
    isError: ERROR_LINE.test(plain),
    hidden: frame.length - drawn.length,
    clipped:
      limit === undefined
        ? null
        : `The engine keeps no more than ${limit} of a step's output.`,
  };
}

export type MarkedSpan = AnsiSpan & { isFound?: true };

/** The spans of a line with each place of `words` as a span of its own. */
export function markWords(
  spans: readonly AnsiSpan[],
  words: string,
): readonly MarkedSpan[] {
  const found = findWords(spans.map(({ text }) => text).join(''), words);
  if (found.length === 0) return spans;
  const cuts = found.flat();
  const marked: MarkedSpan[] = [];
  let from = 0;
  for (const span of spans) {
    const end = from + span.text.length;
    const inner = cuts.filter((cut) => cut > from && cut < end);
    const ends = [...inner, end];
    let start = from;
    for (const next of ends) {
      const at = start;
      const text = span.text.slice(at - from, next - from);
      const isFound = found.some(([a, b]) => a <= at && at < b);
      if (text !== '')
        marked.push({ ...span, text, ...(isFound ? { isFound } : {}) });
      start = next;
    }
    from = end;
  }
  return marked;
}

/** Stored lines as they are copied: each in its last state, without colours. */
export function toPlainText(lines: readonly { text: string }[]): string {
  return lines.map(({ text }) => plainLine(text)).join('\n');
}

/** Time since the log began: `+12.40`, `+1:12.40`, `+1:01:12`. Clocks that run backwards show as zero. */
export function formatOffset(offsetMs: number): string {
  const hundredths = Math.max(0, Math.round(offsetMs / 10));
  const seconds = Math.floor(hundredths / 100);
  const pad = (value: number) => String(value).padStart(2, '0');
  const fraction = `.${pad(hundredths % 100)}`;
  if (seconds < 60) return `+${seconds}${fraction}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `+${minutes}:${pad(seconds % 60)}${fraction}`;
  return `+${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/** The time of the day by the reader's clock: `14:03:07.25`. */
export function formatClock(at: number): string {
  const date = new Date(at);
  const pad = (value: number) => String(value).padStart(2, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const hundredths = Math.floor(date.getMilliseconds() / 10);
  return `${time.map(pad).join(':')}.${pad(hundredths)}`;
}
