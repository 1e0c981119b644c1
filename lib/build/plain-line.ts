import { stripAnsi } from '@/lib/build/ansi';

/** The last state of a line that was drawn over: a progress bar as it stood at its end. */
export function lastFrame(text: string): string {
  if (!text.includes('\r')) return text;
  const frames = text.split('\r');
  return frames.findLast((frame) => stripAnsi(frame).trim() !== '') ?? '';
}

/** A stored line as it is read, searched and copied: in its last state, without colours. */
export function plainLine(text: string): string {
  return stripAnsi(lastFrame(text));
}

/**
 * Where `words` stand in `text`, whatever their case, as `[start, end]` without overlaps. Empty for no words.
 *
 * @example findWords('Error: no error', 'error') // [[0, 5], [10, 15]]
 */
export function findWords(text: string, words: string): [number, number][] {
  if (words === '') return [];
  const lower = text.toLowerCase();
  // Few letters grow when their case changes; places in the one text would then not be those in the other.
  const isAligned = lower.length === text.length;
  const place = isAligned ? lower : text;
  const wanted = isAligned ? words.toLowerCase() : words;
  const found: [number, number][] = [];
  for (
    let at = place.indexOf(wanted);
    at >= 0;
    at = place.indexOf(wanted, at + wanted.length)
  )
    found.push([at, at + wanted.length]);
  return found;
}
