import type { ReactNode } from 'react';

/** A key to press. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-block min-w-4 rounded-sm border border-line-strong bg-panel px-1 text-center text-2xs leading-4 text-ink-2">
      {children}
    </kbd>
  );
}
