import type { CredentialInput } from './credential';

/**
 * When a credential stops working: the end of the last day that was typed (UTC), else what a JSON Web Token says of
 * itself, else `null`. The token is read, not verified: a wrong `exp` makes a wrong warning and nothing worse.
 */
export function expiryOf({
  lastDay,
  password,
}: Pick<CredentialInput, 'lastDay' | 'password'>): Date | null {
  if (lastDay) return new Date(Date.parse(`${lastDay}T23:59:59Z`));
  return tokenExpiry(password);
}

/** How near an end is: two weeks, three days, over. `null` while there is time, or nobody knows. */
export type ExpiryLevel = 'soon' | 'close' | 'over';

const DAY_MS = 24 * 60 * 60 * 1000;
export const WARN_DAYS = 14;

export function expiryLevel(
  expiresAt: string | null,
  nowMs: number,
): ExpiryLevel | null {
  if (expiresAt === null) return null;
  const leftMs = Date.parse(expiresAt) - nowMs;
  if (leftMs <= 0) return 'over';
  if (leftMs <= 3 * DAY_MS) return 'close';
  return leftMs <= WARN_DAYS * DAY_MS ? 'soon' : null;
}

/** `exp` of a JSON Web Token (RFC 7519 §4.1.4), or `null` for anything else. */
export function tokenExpiry(token: string): Date | null {
  const parts = token.split('.');
  if (parts.length !== 3 || token.length > 32_768) return null;
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'),
    );
    const exp = (claims as { exp?: unknown } | null)?.exp;
    // Beyond the year 9999 an instant cannot be written as text.
    return typeof exp === 'number' && exp > 0 && exp < 253_402_300_800
      ? new Date(exp * 1000)
      : null;
  } catch {
    return null;
  }
}
