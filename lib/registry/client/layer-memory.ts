import type { Probe } from '@/lib/registry/access-evidence';

type Seen = { probe: Probe; at: number };

/** Layers that were there moments ago, by repository and digest. Whatever was not there is asked for again. */
export type LayerMemory = {
  find: (repository: string, digest: string) => Seen | null;
  keep: (repository: string, digest: string, probe: Probe) => void;
};

const KEPT_MS = 5 * 60 * 1000;
const MOST = 20_000;

/**
 * Images of one repository mostly stand on the same layers, and a registry that gave one of them a minute ago will say
 * the same again. For one identity at one registry; `now` is in Unix milliseconds.
 */
export function createLayerMemory(now: () => number = Date.now): LayerMemory {
  const seen = new Map<string, Seen>();
  return {
    find: (repository, digest) => {
      const found = seen.get(`${repository}@${digest}`);
      return found && now() - found.at < KEPT_MS ? found : null;
    },
    keep: (repository, digest, probe) => {
      if (seen.size >= MOST) seen.clear();
      seen.set(`${repository}@${digest}`, { probe, at: now() });
    },
  };
}
