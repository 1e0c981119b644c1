'use client';
import { useEffect } from 'react';
import { faviconOf } from '@/components/builds/favicon';
import type { BuildState } from '@/lib/build/state';

/** Shows the state of a build in the browser's tab for as long as its page is open. */
export function useFavicon(state: BuildState): void {
  const href = faviconOf(state);
  useEffect(() => {
    // The last one counts; those of the app stay where React put them.
    const link = document.createElement('link');
    link.rel = 'icon';
    link.type = 'image/svg+xml';
    link.href = href;
    document.head.append(link);
    return () => link.remove();
  }, [href]);
}
