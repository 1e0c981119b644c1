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
