'use client';
import { useSyncExternalStore } from 'react';

export type LogPreferences = { hasTimes: boolean; isWrapped: boolean };

const KEY = 'imageyard.log';
const AT_FIRST: LogPreferences = { hasTimes: true, isWrapped: true };
const listeners = new Set<() => void>();
let current: LogPreferences | undefined;

// Storage may be forbidden, or hold what another release wrote.
function read(): LogPreferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const has = (name: keyof LogPreferences) => {
      const value = (stored as Partial<Record<typeof name, unknown>>)[name];
      return typeof value === 'boolean' ? value : AT_FIRST[name];
    };
    return { hasTimes: has('hasTimes'), isWrapped: has('isWrapped') };
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
