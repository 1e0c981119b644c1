import { type AnsiSpan, parseAnsi } from '@/lib/build/ansi';
import { lastFrame, plainLine } from '@/lib/build/plain-line';

/** Characters of one line that are drawn; the rest is in the download. */
export const SHOWN_CHARS = 4000;

// What package managers, compilers and Python begin a line with when it says what went wrong.
const ERROR_LINE =
  /^\s*(?:E: |error\b|ERROR\b|fatal: |FATAL\b|× |Traceback \(|[A-Za-z_.]*(?:Error|Exception): )/;

export type ShownLine = {
  spans: AnsiSpan[];
  isError: boolean;
  /** Characters not drawn. */
  hidden: number;
};

/** A stored line as it is drawn. */
export function toShownLine(text: string): ShownLine {
  const frame = lastFrame(text);
  const isLong = frame.length > SHOWN_CHARS;
  const drawn = isLong ? frame.slice(0, SHOWN_CHARS) : frame;
  const spans = parseAnsi(drawn);
  const plain = spans.map((span) => span.text).join('');
  return {
    spans,
    isError: ERROR_LINE.test(plain),
    hidden: frame.length - drawn.length,
  };
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
