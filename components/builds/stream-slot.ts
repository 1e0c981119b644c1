/** Streams that may be open at once: browsers give one origin six connections over HTTP/1.1, and pages need some. */
export const STREAM_SLOTS = 4;
const NAME = 'imageyard-stream';

type Locks = Pick<LockManager, 'request'>;

/**
 * Takes one of the few places for an open stream that all windows of this browser share, and gives what frees it; `null`
 * when all are taken. The browser frees the place of a window that is closed or dies. Browsers have no locks outside
 * https and loopback: without them there is no place.
 */
export async function takeStreamSlot(
  locks: Locks | undefined,
): Promise<(() => void) | null> {
  if (!locks) return null;
  for (let slot = 1; slot <= STREAM_SLOTS; slot += 1) {
    const free = await tryLock(locks, `${NAME}-${slot}`);
    if (free) return free;
  }
  return null;
}

function tryLock(locks: Locks, name: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const hold = (lock: Lock | null) => {
      if (lock) return new Promise<void>((free) => resolve(free));
      resolve(null);
      return undefined;
    };
    // Refused where the page may not store anything; then there is no place either.
    locks.request(name, { ifAvailable: true }, hold).catch(() => resolve(null));
  });
}
