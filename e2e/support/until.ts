import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 50;

/** Polls until `probe` gives something; throws naming `what` after `timeoutMs`. What `probe` throws ends it at once. */
export async function until<Value>(
  what: string,
  probe: () => Value | Promise<Value>,
  timeoutMs: number,
): Promise<Exclude<Value, false | null | undefined>> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== false && value !== null && value !== undefined) {
      return value as Exclude<Value, false | null | undefined>;
    }
    if (Date.now() > giveUpAt)
      throw new Error(`${what} did not come within ${timeoutMs / 1000} s.`);
    await delay(PAUSE_MS);
  }
}
