'use client';
import { useSyncExternalStore } from 'react';

/** `relative`: since the first step began; `absolute`: of the day, in the reader's time zone. */
export const TIMES = ['relative', 'absolute', 'none'] as const;
export type LogPreferences = {
  times: (typeof TIMES)[number];
  isWrapped: boolean;
};

const KEY = 'imageyard.log';
const AT_FIRST: LogPreferences = { times: 'relative', isWrapped: true };
const listeners = new Set<() => void>();
let current: LogPreferences | undefined;

// Storage may be forbidden, or hold what another release wrote.
function read(): LogPreferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<
      Record<keyof LogPreferences, unknown>
    >;
    const { isWrapped } = stored;
    return {
      times: TIMES.find((name) => name === stored.times) ?? AT_FIRST.times,
      isWrapped:
        typeof isWrapped === 'boolean' ? isWrapped : AT_FIRST.isWrapped,
    };
  } catch {
    return AT_FIRST;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How this browser's user likes logs drawn, kept between visits. */
export function useLogPreferences(): [
  LogPreferences,
  (change: Partial<LogPreferences>) => void,
] {
  const preferences = useSyncExternalStore(
    subscribe,
    () => (current ??= read()),
    () => AT_FIRST,
  );
  const change = (part: Partial<LogPreferences>) => {
    current = { ...preferences, ...part };
    try {
      localStorage.setItem(KEY, JSON.stringify(current));
    } catch {
      // It then holds until the page is left.
    }
    for (const listener of listeners) listener();
  };
  return [preferences, change];
}

/** The way to show times after this one. */
export function nextTimes(times: LogPreferences['times']) {
  return TIMES[(TIMES.indexOf(times) + 1) % TIMES.length] ?? AT_FIRST.times;
}
