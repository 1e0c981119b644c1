'use client';
import { useSyncExternalStore } from 'react';

const KEY = 'imageyard:import-project';
const noChange = () => () => undefined;

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // The browser keeps nothing for this site.
    return null;
  }
}

/** The project this browser imported into last, by name. */
export function useLastProject(): string | null {
  return useSyncExternalStore(noChange, read, () => null);
}

export function keepLastProject(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // The next import then begins with the first project again.
  }
}
