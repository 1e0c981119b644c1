/** What a link into a log points at: lines by their numbers, or a step by its place, of an attempt or the current one. */
export type LogAnchor = { attempt: number | null } & (
  { first: number; last: number } | { step: number }
);

const ANCHOR = /^#(?:A(\d{1,6})-)?(?:L(\d{1,12})(?:-L(\d{1,12}))?|S(\d{1,6}))$/;

/**
 * Reads the part of an address after `#`; `null` when it points at nothing in a log.
 *
 * @example parseAnchor('#L10-L20') // { attempt: null, first: 10, last: 20 }
 */
export function parseAnchor(hash: string): LogAnchor | null {
  const match = ANCHOR.exec(hash);
  if (!match) return null;
  const [, a, l, to, s] = match;
  const attempt = a === undefined ? null : Number(a);
  if (s !== undefined) return { attempt, step: Number(s) };
  const ends = [Number(l), Number(to ?? l)];
  return { attempt, first: Math.min(...ends), last: Math.max(...ends) };
}

/** The part of an address that leads there, with its `#`. */
export function formatAnchor(anchor: LogAnchor): string {
  const attempt = anchor.attempt === null ? '' : `A${anchor.attempt}-`;
  if ('step' in anchor) return `#${attempt}S${anchor.step}`;
  const { first, last } = anchor;
  return `#${attempt}L${first}${last === first ? '' : `-L${last}`}`;
}
