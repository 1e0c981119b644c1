import { type BuildState, isMoving } from '@/lib/build/state';

// The hues of app/globals.css in their middle: a tab may be light or dark, and a picture knows no tokens.
const COLORS = {
  run: '#4a8ae0',
  good: '#2e9c62',
  bad: '#d2463d',
  idle: '#85847d',
} as const;

// Each has a shape of its own, too.
const SHAPES = {
  run: '<circle cx="16" cy="16" r="6" fill="#fff"/>',
  good: '<path d="m9 16 5 5 9-10" fill="none" stroke="#fff" stroke-width="4"/>',
  bad: '<path d="m10 10 12 12m0-12L10 22" fill="none" stroke="#fff" stroke-width="4"/>',
  idle: '<path d="M9 16h14" fill="none" stroke="#fff" stroke-width="4"/>',
} as const;

type Look = keyof typeof COLORS;

function lookOf(state: BuildState): Look {
  if (state === 'published') return 'good';
  if (state === 'cancelled' || state === 'queued') return 'idle';
  return isMoving(state) ? 'run' : 'bad';
}

/** A picture of a build's state for the browser's tab, as an address. */
export function faviconOf(state: BuildState): string {
  const look = lookOf(state);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${COLORS[look]}"/>${SHAPES[look]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
