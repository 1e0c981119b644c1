import type { BuildInput } from '@/lib/build/engine';
import type { ImagePackages } from '@/lib/build/packages';
import { readPackages, remember } from '@/worker/packages';
import type { RunnerTools } from '@/worker/runner';
import { pause } from '@/worker/time-limit';

/** So many images are remembered. */
const MAX_IMAGES = 20;

/** The packages of a built image, being read beside its push. */
export type Look = {
  /** Never rejects; `null` when the engine broke before anything was read. */
  found: Promise<ImagePackages | null>;
  /** What is found before `ms` are over; what was read till then otherwise. */
  within(ms: number, signal: AbortSignal): Promise<ImagePackages | null>;
  stop(): void;
};

/** Begins to read the packages of what was built, unless the same image was read before. */
export function lookInside(
  input: BuildInput,
  imageId: string,
  {
    engine,
    packages,
    onError,
  }: Pick<RunnerTools, 'engine' | 'packages' | 'onError'>,
  signal: AbortSignal,
): Look {
  const ending = new AbortController();
  const stop = () => ending.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const look = async () => {
    const known = packages.images.get(imageId);
    if (known) return known;
    const open = await engine.open(input, ending.signal);
    try {
      const found = await readPackages(open, ending.signal, packages.folders);
      if (found.missing === null)
        remember(packages.images, imageId, found, MAX_IMAGES);
      return found;
    } finally {
      await open.close();
    }
  };
  const found = look()
    .catch((error: unknown) => {
      if (!ending.signal.aborted) onError(error);
      return null;
    })
    .finally(() => signal.removeEventListener('abort', stop));
  return {
    found,
    stop,
    within: async (ms, outer) => {
      const over = new AbortController();
      const first = () => over.abort();
      outer.addEventListener('abort', first);
      const isFound = found.finally(first);
      await pause(ms, over.signal);
      outer.removeEventListener('abort', first);
      stop();
      return isFound;
    },
  };
}
