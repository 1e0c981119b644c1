export const ANSI_COLORS = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
] as const;
export type AnsiColor = (typeof ANSI_COLORS)[number];

export type AnsiStyle = {
  color?: AnsiColor;
  isBold?: true;
  isDim?: true;
  isItalic?: true;
  isUnderlined?: true;
};
export type AnsiSpan = AnsiStyle & { text: string };

// ECMA-48: control sequences, control strings (with their text), two-character escapes, and the other controls.
const CONTROL =
  /(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]?|[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Reads a line of terminal output as styled text. Only colours and weights are kept, and only for this line; whatever
 * else a terminal would obey (moving, erasing, titles, links) is dropped, so the text is safe to show anywhere.
 */
export function parseAnsi(text: string): AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  let style: AnsiStyle = {};
  let from = 0;
  const add = (to: number) => {
    if (to === from) return;
    const piece = text.slice(from, to);
    const last = spans.at(-1);
    if (last && isSameStyle(last, style)) last.text += piece;
    else spans.push({ ...style, text: piece });
  };
  for (const match of text.matchAll(CONTROL)) {
    add(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applySgr(style, match[1] ?? '');
  }
  add(text.length);
  return spans;
}

/** The text alone. */
export function stripAnsi(text: string): string {
  return text.replace(CONTROL, '');
}

function isSameStyle(a: AnsiStyle, b: AnsiStyle): boolean {
  return (
    a.color === b.color &&
    a.isBold === b.isBold &&
    a.isDim === b.isDim &&
    a.isItalic === b.isItalic &&
    a.isUnderlined === b.isUnderlined
  );
}

function applySgr(before: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters
    .split(';')
    .map((part) => Number.parseInt(part || '0', 10));
  let style = before;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48 || code === 58) {
      const isIndexed = codes[index + 1] === 5;
      if (code === 38)
        style = withColor(style, isIndexed ? codes[index + 2] : undefined);
      index += isIndexed ? 2 : 4;
    } else style = applyCode(style, code);
  }
  return style;
}

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code >= 30 && code <= 37) return withColor(style, code - 30);
  if (code >= 90 && code <= 97) return withColor(style, code - 90);
  switch (code) {
    case 0:
      return {};
    case 1:
      return { ...style, isBold: true };
    case 2:
      return { ...style, isDim: true };
    case 3:
      return { ...style, isItalic: true };
    case 4:
      return { ...style, isUnderlined: true };
    case 22: {
      const { isBold: _bold, isDim: _dim, ...rest } = style;
      return rest;
    }
    case 23: {
      const { isItalic: _, ...rest } = style;
      return rest;
    }
    case 24: {
      const { isUnderlined: _, ...rest } = style;
      return rest;
    }
    case 39:
      return withColor(style, undefined);
    default:
      return style;
  }
}

/** Of the 256 colours the first sixteen are names; the others become the text's own colour, which is always legible. */
function withColor(style: AnsiStyle, index: number | undefined): AnsiStyle {
  const { color: _, ...rest } = style;
  const color =
    index !== undefined && index < 16 ? ANSI_COLORS[index % 8] : undefined;
  return color === undefined ? rest : { ...rest, color };
}
