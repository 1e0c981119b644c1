/** An entry and the line, counted from 1, on which it begins. */
export type Line = { text: string; line: number };

/**
 * Entries one a line; empty lines are left out. With `continued`, a line that ends in an odd number of backslashes goes
 * on in the next, and the break stays in the entry.
 */
export function parseLines(text: string, { continued = false } = {}): Line[] {
  const entries: Line[] = [];
  let open: Line | undefined;
  text.split(/\r?\n/).forEach((part, index) => {
    const entry: Line = open
      ? { text: `${open.text}\n${part}`, line: open.line }
      : { text: part, line: index + 1 };
    const goesOn = continued && /(?:^|[^\\])(?:\\\\)*\\$/.test(part);
    open = goesOn ? entry : undefined;
    if (!goesOn && entry.text.trim() !== '') entries.push(entry);
  });
  return open ? [...entries, open] : entries;
}
