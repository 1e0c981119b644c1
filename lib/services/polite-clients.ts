import 'server-only';
import {
  createHostGate,
  type GateSeat,
  type HostGate,
} from '@/lib/registry/client/host-gate';
import {
  freshMemory,
  openShare,
  type SessionShare,
} from '@/lib/registry/client/session';
import type { EgressPolicy } from '@/lib/registry/egress-policy';

type Pooled = {
  share: SessionShare;
  users: number;
  closing?: NodeJS.Timeout | undefined;
};

// Shared by every bundle of the process: politeness that each kept for itself would be none.
const holder = globalThis as typeof globalThis & {
  imageyardGate?: HostGate;
  imageyardShares?: Map<string, Pooled>;
};
const shares = (holder.imageyardShares ??= new Map<string, Pooled>());
const IDLE_MS = 15_000;

/** The gate that every request of this process to a registry passes. */
export const hostGate = (holder.imageyardGate ??= createHostGate());

/** A team's place at the gate. `asker` is the credential's id, or `anonymous`. */
export function seatOf(
  team: string,
  asker: string,
  isUrgent: boolean,
): GateSeat {
  return { gate: hostGate, ticket: { team, identity: asker, isUrgent } };
}

/**
 * Lends connections of one registry, policy and asker for the length of one call; they are kept a few seconds for the
 * next. Tokens, and the layers that were there, are shared by looks that run at the same time and forgotten with the
 * last of them: an old token still opens what was closed since, and keeps closed what was opened. What a person waits for has its own. Whoever asks as
 * nobody never gets what is a credential's.
 */
export async function withShare<T>(
  place: { host: string; plainHttp: boolean; policy: EgressPolicy },
  { ticket: { identity: asker, isUrgent } }: GateSeat,
  spend: (share: SessionShare) => Promise<T>,
): Promise<T> {
  const key = JSON.stringify([
    place.host,
    place.plainHttp,
    place.policy,
    asker,
  ]);
  const pooled: Pooled = shares.get(key) ?? {
    share: openShare({ policy: place.policy }, asker === 'anonymous'),
    users: 0,
  };
  shares.set(key, pooled);
  clearTimeout(pooled.closing);
  pooled.users += 1;
  try {
    return await spend(
      isUrgent ? { ...pooled.share, ...freshMemory() } : pooled.share,
    );
  } finally {
    pooled.users -= 1;
    if (pooled.users === 0) {
      pooled.share = { ...pooled.share, ...freshMemory() };
      pooled.closing = setTimeout(() => {
        shares.delete(key);
        void pooled.share.egress.close();
      }, IDLE_MS).unref();
    }
  }
}
