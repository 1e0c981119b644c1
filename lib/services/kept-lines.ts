import type { LinePlace, LineView } from '@/lib/build/views';
import { findWords, plainLine } from '@/lib/build/plain-line';
import type { LineRange } from '@/lib/services/build-log-lines';
import type { LogSearch } from '@/lib/services/build-log-search';

/** The lines that stayed of a removed log, in order: few, so they are looked through as a list. */
export type KeptLines = readonly LineView[];

/** Where each stands, by its place among those that stayed of its step. */
function placesOf(lines: KeptLines): LinePlace[] {
  const counts = new Map<string, number>();
  return lines.map(({ n, step }) => {
    const place = (counts.get(step) ?? 0) + 1;
    counts.set(step, place);
    return { n, step, place };
  });
}

/** As `streamLines`. */
export function keptInRange(
  lines: KeptLines,
  { from, to = Number.MAX_SAFE_INTEGER, step }: LineRange,
): LineView[] {
  return lines.filter(
    (line) =>
      from <= line.n &&
      line.n <= to &&
      (step === undefined || line.step === step),
  );
}

export function keptCount(lines: KeptLines, step: string): number {
  return lines.filter((line) => line.step === step).length;
}

/** Lines of one step from its `from`th that stayed. */
export function keptOfStep(
  lines: KeptLines,
  step: string,
  from: number,
  limit: number,
): LineView[] {
  return lines
    .filter((line) => line.step === step)
    .slice(from - 1, from - 1 + limit);
}

/** Where line `n` of the attempt stands, if it stayed. */
export function locateKept(lines: KeptLines, n: number): LinePlace | undefined {
  return placesOf(lines).find((place) => place.n === n);
}

/** As `searchLog`. */
export function searchKept(
  lines: KeptLines,
  { words, skip, limit }: LogSearch,
): { total: number; hits: LinePlace[] } {
  const places = placesOf(lines);
  const found = places.filter(
    (_, index) =>
      findWords(plainLine(lines[index]?.text ?? ''), words).length > 0,
  );
  return { total: found.length, hits: found.slice(skip, skip + limit) };
}
