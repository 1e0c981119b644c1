import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SseEvent } from '@/lib/build/sse';
import { eventStream } from '@/lib/event-stream';
import { log } from '@/lib/log';

// Lets everything that is due run.
const turn = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => vi.restoreAllMocks());

/** Sends one event, then waits until nobody listens; `after` is what it does then. */
function listenTo(after: () => void) {
  const abort = new AbortController();
  let isOver = false;
  async function* events(): AsyncGenerator<SseEvent> {
    try {
      yield { data: 'first' };
      await new Promise<void>((resolve) => {
        abort.signal.addEventListener('abort', () => resolve());
      });
      after();
    } finally {
      isOver = true;
    }
  }
  const { body } = eventStream(events(), abort);
  if (!body) throw new Error('The response has no body.');
  return { reader: body.getReader(), isOver: () => isOver };
}

describe('eventStream', () => {
  it.each([
    ['ends', () => undefined],
    [
      'fails',
      () => {
        throw new Error('too late');
      },
    ],
  ])(
    'is quiet when the generator %s because the client went away',
    async (_, after) => {
      const error = vi.spyOn(log, 'error').mockImplementation(() => undefined);
      const { reader, isOver } = listenTo(after);
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toBe('data: first\n\n');
      const pending = reader.read();
      await turn();
      await reader.cancel().catch(() => undefined);
      await expect(pending).resolves.toMatchObject({ done: true });
      await expect.poll(isOver).toBe(true);
      await turn();
      expect(error).not.toHaveBeenCalled();
    },
  );

  it('says a failure in the middle as an event of its own and ends', async () => {
    vi.spyOn(log, 'error').mockImplementation(() => undefined);
    // eslint-disable-next-line @typescript-eslint/require-await -- A generator that fails after its first event.
    async function* events(): AsyncGenerator<SseEvent> {
      yield { data: 'first' };
      throw new Error('a secret detail');
    }
    const text = await eventStream(events(), new AbortController()).text();
    expect(text).toMatch(/^data: first\n\nevent: fail\ndata: \{.*INTERNAL/);
    expect(text).not.toContain('secret');
  });
});
