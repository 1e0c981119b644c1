const RETRYABLE = new Set([408, 429, 500, 502, 503, 504]);
const BASE_MS = 500;
const CAP_MS = 30_000;

/** How often a GET or HEAD is tried before its last answer counts. */
export const MAX_TRIES = 3;

/** The longest `Retry-After` that is waited for; beyond it the caller is told when to come back. */
export const MAX_WAIT_MS = 10_000;

/** Whether the same request may succeed a moment later. */
export function isRetryableStatus(status: number): boolean {
  return RETRYABLE.has(status);
}

/**
 * `Retry-After` in milliseconds from `nowMs`, never negative; null when absent or unreadable. It holds seconds or an
 * HTTP date (RFC 9110 §10.2.3).
 */
export function retryAfterMs(
  value: string | undefined,
  nowMs: number,
): number | null {
  if (value === undefined) return null;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** Full jitter: anything up to twice as long as the last time. `random` lies in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  return Math.floor(random * Math.min(CAP_MS, BASE_MS * 2 ** attempt));
}
