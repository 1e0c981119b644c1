import type { LineView } from '@/lib/build/views';

/** A viewer that reads a build's events like a browser does: it comes back with the last id it saw. */
export type EventClient = {
  /** Attempt → lines in the order they came. */
  lines: Map<number, LineView[]>;
  /** Resolves with the final state. */
  ended: Promise<string>;
  /** How often the connection had to be opened. */
  connections: () => number;
};

const PAUSE_MS = 100;
const GIVE_UP_MS = 300_000;

/** Follows a build to its end, through whatever happens to the connection. */
export function followEvents(url: string, cookie: string): EventClient {
  const lines = new Map<number, LineView[]>();
  let lastId = '';
  let connections = 0;

  async function read(): Promise<string | null> {
    connections += 1;
    const response = await fetch(url, {
      headers: {
        cookie,
        accept: 'text/event-stream',
        ...(lastId ? { 'last-event-id': lastId } : {}),
      },
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    if (!response.ok || !response.body)
      throw new Error(`status ${response.status}`);
    let rest = '';
    for await (const chunk of response.body.pipeThrough(
      new TextDecoderStream(),
    )) {
      const frames = (rest + chunk).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const end = take(frame);
        if (end !== null) return end;
      }
    }
    return null;
  }

  function take(frame: string): string | null {
    const field = (name: string) =>
      frame
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const data = field('data');
    const id = field('id');
    if (field('event') === 'lines' && data !== undefined && id !== undefined) {
      const attempt = Number(id.split(':')[0]);
      lines.set(attempt, [
        ...(lines.get(attempt) ?? []),
        ...(JSON.parse(data) as LineView[]),
      ]);
    }
    if (id !== undefined) lastId = id;
    if (field('event') !== 'end' || data === undefined) return null;
    return (JSON.parse(data) as { state: string }).state;
  }

  async function follow(): Promise<string> {
    const giveUpAt = Date.now() + GIVE_UP_MS;
    while (Date.now() < giveUpAt) {
      const end = await read().catch(() => null);
      if (end !== null) return end;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error('The build did not end.');
  }

  return { lines, ended: follow(), connections: () => connections };
}
