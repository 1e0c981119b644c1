import 'server-only';
import { reportError } from '@/lib/action';
import { encodeComment, encodeEvent, type SseEvent } from '@/lib/build/sse';

const PING_MS = 15_000;
const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/**
 * A server-sent event response over a generator. It reads on only when the client takes more, so nothing is dropped;
 * a client that goes away aborts `abort` and ends the generator. A failure in the middle is sent as `event: fail`.
 */
export function eventStream(
  events: AsyncGenerator<SseEvent>,
  abort: AbortController,
): Response {
  const encoder = new TextEncoder();
  let pending: Promise<IteratorResult<SseEvent>> | undefined;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        pending ??= events.next();
        const result = await withTimeout(pending, PING_MS);
        // The client has gone, and the stream with it.
        if (abort.signal.aborted) return;
        if (result === null) {
          controller.enqueue(encoder.encode(encodeComment('ping')));
          return;
        }
        pending = undefined;
        if (result.done) controller.close();
        else controller.enqueue(encoder.encode(encodeEvent(result.value)));
      } catch (error) {
        if (abort.signal.aborted) return;
        controller.enqueue(
          encoder.encode(
            encodeEvent({
              event: 'fail',
              data: JSON.stringify(reportError(error)),
            }),
          ),
        );
        controller.close();
      }
    },
    async cancel() {
      abort.abort();
      await events.return(undefined);
    },
  });
  return new Response(body, { headers: HEADERS });
}

async function withTimeout<T>(
  promise: Promise<T>,
  ms: number,
): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
