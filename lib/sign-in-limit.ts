import 'server-only';

const WINDOW_MS = 15 * 60 * 1000;
const MAX_TRIES = 10;
const MAX_ADDRESSES = 10_000;

const tries = new Map<string, { count: number; since: number }>();

/** Whether this address may try to sign in now: ten failures in 15 minutes close it for the rest of them. */
export function allowSignIn(email: string, now = Date.now()): boolean {
  const known = tries.get(email);
  if (!known || now - known.since > WINDOW_MS) {
    // A flood of made-up addresses must not grow the map without end.
    if (tries.size >= MAX_ADDRESSES) tries.clear();
    tries.set(email, { count: 1, since: now });
    return true;
  }
  known.count += 1;
  return known.count <= MAX_TRIES;
}

/** Forgets the failures of an address that has just signed in. */
export function clearSignIns(email: string): void {
  tries.delete(email);
}
