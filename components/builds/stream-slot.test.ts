import { describe, expect, it } from 'vitest';
import { STREAM_SLOTS, takeStreamSlot } from '@/components/builds/stream-slot';

/** The part of the Web Locks API that is used, shared by "windows" of one browser. */
function makeLocks(): LockManager {
  const held = new Set<string>();
  const request = async (
    name: string,
    _options: LockOptions,
    work: (lock: Lock | null) => unknown,
  ) => {
    await Promise.resolve();
    if (held.has(name)) return work(null);
    held.add(name);
    try {
      return await work({ name, mode: 'exclusive' });
    } finally {
      held.delete(name);
    }
  };
  return { request } as unknown as LockManager;
}

describe('takeStreamSlot', () => {
  it('gives as many places as there are, and one again when one is freed', async () => {
    const locks = makeLocks();
    const taken = await Promise.all(
      Array.from({ length: 8 }, () => takeStreamSlot(locks)),
    );
    const free = taken.filter((slot) => slot !== null);
    expect(free).toHaveLength(STREAM_SLOTS);
    free[1]?.();
    await expect.poll(() => takeStreamSlot(locks)).not.toBeNull();
    expect(await takeStreamSlot(locks)).toBeNull();
  });

  it('gives none without locks', async () => {
    expect(await takeStreamSlot(undefined)).toBeNull();
  });

  it('gives none when the browser refuses', async () => {
    const locks = {
      request: () => Promise.reject(new DOMException('', 'SecurityError')),
    } as unknown as LockManager;
    expect(await takeStreamSlot(locks)).toBeNull();
  });
});
