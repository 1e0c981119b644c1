'use client';
import { useEffect, useEffectEvent } from 'react';
import {
  formatAnchor,
  type LogAnchor,
  parseAnchor,
} from '@/components/builds/log-anchor';

/** Calls with what the address points at in a log: once at first, then whenever it changes. */
export function useAnchor(onAnchor: (anchor: LogAnchor) => void): void {
  const tell = useEffectEvent(() => {
    const anchor = parseAnchor(window.location.hash);
    if (anchor) onAnchor(anchor);
  });
  useEffect(() => {
    const onChange = () => tell();
    onChange();
    window.addEventListener('hashchange', onChange);
    return () => window.removeEventListener('hashchange', onChange);
  }, []);
}

/** Makes the address point there, and takes the reader there even when it did already. */
export function goToAnchor(anchor: LogAnchor): void {
  const hash = formatAnchor(anchor);
  if (window.location.hash === hash)
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  else window.location.hash = hash;
}

/** Makes the address point there, or nowhere, and leaves the reader where he is. */
export function setAnchor(anchor: LogAnchor | null): void {
  const { pathname, search } = window.location;
  const hash = anchor ? formatAnchor(anchor) : '';
  window.history.replaceState(null, '', `${pathname}${search}${hash}`);
}
