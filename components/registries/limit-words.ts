import { IDENTITY_LABELS } from '@/components/images/access-words';
import { kindOf } from '@/lib/registry/kinds';
import type { LimitView } from '@/lib/registry/views';

/** What would spend a counted pull. */
export type Spending = 'build' | 'check' | 'read';

/** What each costs at a host that counts pulls. */
export const COSTS: Record<Spending, string> = {
  build:
    'A build spends some for the images its worker does not hold yet, and none for pushing. A worker behind another address has a count of its own.',
  check:
    'Looking again at what was seen before spends none; a first look spends one or two.',
  read: 'Listing tags spends none; each image that is new here spends one.',
};

/** "76 of 100 pulls left in 6 h"; "no limit" of an identity that nothing is counted for. */
export function leftOf({ limit, remaining, windowSeconds }: LimitView): string {
  if (limit === null) return 'no limit';
  const window =
    windowSeconds === null ? '' : ` in ${String(windowSeconds / 3600)} h`;
  return `${String(remaining ?? 0)} of ${String(limit)} pulls left${window}`;
}

type LimitWords = {
  /** Whether the host counts pulls, as far as is known. */
  isCounting: boolean;
  /** What is left for each identity, in words. */
  left: string[];
  /** It refuses everything until then. */
  pausedUntil: string | null;
};

/**
 * What there is to say of a host before something is spent there. Null of a host that said nothing of a limit, and of
 * Docker Hub when it counts nothing for any identity that was told.
 */
export function sayLimits(
  host: string,
  limits: readonly LimitView[],
): LimitWords | null {
  const isCounted = limits.some(({ limit }) => limit !== null);
  const isUnknown = kindOf(host) === 'docker_hub' && limits.length === 0;
  const pauses = limits.flatMap(({ pausedUntil }) => pausedUntil ?? []).sort();
  const pausedUntil = pauses.at(-1) ?? null;
  if (!isCounted && !isUnknown && pausedUntil === null) return null;
  return {
    isCounting: isCounted || isUnknown,
    left: isCounted
      ? limits.map(
          (view) =>
            `${IDENTITY_LABELS[view.identity]}: ${leftOf(view)}${view.source === null ? '' : `, counted for ${view.source}`}`,
        )
      : [],
    pausedUntil,
  };
}
