import type { AccessVerdict } from './access';

export type LastLook = {
  verdict: AccessVerdict;
  /** Whether it was asked for by digest: then only its visibility can change, not what it is. */
  isPinned: boolean;
  /** How many looks in a row gave the same answer. */
  unchanged: number;
  /** What the registry said when it refused to be asked. */
  retryAtMs: number | null;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** First and longest wait until the next look by itself: a wait doubles with each answer that changed nothing. */
const WAITS: Record<AccessVerdict, readonly [number, number]> = {
  public: [15 * MINUTE, 4 * HOUR],
  public_other_platform: [15 * MINUTE, 4 * HOUR],
  pullable: [15 * MINUTE, 4 * HOUR],
  // Somebody is at work on these, at first.
  private_or_missing: [2 * MINUTE, 4 * HOUR],
  private: [2 * MINUTE, 4 * HOUR],
  no_access: [2 * MINUTE, 4 * HOUR],
  missing_tag: [2 * MINUTE, 4 * HOUR],
  missing_repository: [2 * MINUTE, 4 * HOUR],
  partially_public: [2 * MINUTE, 4 * HOUR],
  partially_pullable: [2 * MINUTE, 4 * HOUR],
  wrong_platform: [15 * MINUTE, 8 * HOUR],
  unreachable: [MINUTE / 2, HOUR],
  rate_limited: [5 * MINUTE, 2 * HOUR],
  tls_untrusted: [15 * MINUTE, 8 * HOUR],
  insecure_http: [15 * MINUTE, 8 * HOUR],
  blocked_by_policy: [HOUR, 24 * HOUR],
  not_an_image: [HOUR, 24 * HOUR],
  unsupported_schema1: [HOUR, 24 * HOUR],
  invalid_manifest: [HOUR, 24 * HOUR],
  invalid_reference: [24 * HOUR, 24 * HOUR],
  auth_misconfigured: [15 * MINUTE, 8 * HOUR],
  not_a_registry: [15 * MINUTE, 8 * HOUR],
};
/** A digest that can be pulled stays what it is. */
const PINNED_MS = HOUR;
const JITTER = 0.2;

/**
 * Milliseconds until a reference is looked at again by itself. A rate limit is waited out; everything else is spread by
 * a fifth to either side, so that what was found together is not asked for together for ever. `random` lies in [0, 1).
 */
export function nextLookMs(
  { verdict, isPinned, unchanged, retryAtMs }: LastLook,
  nowMs: number,
  random: number,
): number {
  const [first, longest] = WAITS[verdict];
  const canPull = verdict === 'public' || verdict === 'pullable';
  const base = isPinned && canPull ? PINNED_MS : first;
  const waitMs = Math.min(longest, base * 2 ** Math.min(unchanged, 20));
  const spreadMs = waitMs * (1 + JITTER * (2 * random - 1));
  const limitMs = retryAtMs === null ? 0 : retryAtMs - nowMs;
  // After a limit everybody comes back at once, unless each waits a little longer than it must.
  return Math.round(
    limitMs > 0 ? Math.max(limitMs + MINUTE * random, spreadMs) : spreadMs,
  );
}
