'use client';
import { useEffect, useSyncExternalStore } from 'react';

// Kept here once the address bar no longer shows it; gone with the page.
let held = '';

const inAddress = () => window.location.hash.slice(1);

function subscribe(onChange: () => void) {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

/**
 * The one-time token from the address's fragment, which browsers never send. It is taken out of the address bar at
 * once. `undefined` until the page is alive, empty when there is none.
 */
export function useSetUpToken(): string | undefined {
  const token = useSyncExternalStore<string | undefined>(
    subscribe,
    () => inAddress() || held,
    () => undefined,
  );
  useEffect(() => {
    const found = inAddress();
    if (found === '') return;
    held = found;
    window.history.replaceState(null, '', window.location.pathname);
  }, [token]);
  return token;
}
