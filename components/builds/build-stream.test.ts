import { describe, expect, it } from 'vitest';
import { BuildLog } from '@/components/builds/build-log';
import {
  BuildStream,
  HIDDEN_MS,
  POLL_MS,
  type Source,
} from '@/components/builds/build-stream';
import { lineOf, stepOf } from '@/components/builds/testing/log-fixtures';
import type { BuildView } from '@/lib/build/views';

type Listener = Parameters<Source['addEventListener']>[1];

class FakeSource implements Source {
  readonly url: string;
  isOpen = true;
  #listeners = new Map<string, Listener>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(name: string, listener: Listener): void {
    this.#listeners.set(name, listener);
  }

  close(): void {
    this.isOpen = false;
  }

  send(name: string, data?: unknown, id = ''): void {
    this.#listeners.get(name)?.({
      lastEventId: id,
      ...(data === undefined ? {} : { data: JSON.stringify(data) }),
    });
  }
}

/** A browser with a clock of its own, and a stream in it. */
function setUp({ slots = 1 } = {}) {
  const sources: FakeSource[] = [];
  let timers: { run: () => void; at: number }[] = [];
  let watcher: (() => void) | undefined;
  let isVisible = true;
  let free = slots;
  let now = 0;
  const states: string[] = [];
  let ends = 0;
  const log = new BuildLog({ attempt: 1, steps: [], isLive: true });
  const stream = new BuildStream({
    url: '/events',
    log,
    onState: (build) => states.push(build.state),
    onEnd: () => (ends += 1),
    host: {
      open: (url) => {
        const source = new FakeSource(url);
        sources.push(source);
        return source;
      },
      isVisible: () => isVisible,
      watch: (onChange) => {
        watcher = onChange;
        return () => (watcher = undefined);
      },
      takeSlot: () => {
        if (free === 0) return Promise.resolve(null);
        free -= 1;
        return Promise.resolve(() => {
          free += 1;
        });
      },
      setTimer: (run, delayMs) => {
        const timer = { run, at: now + delayMs };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    stream,
    log,
    states,
    sources,
    settle,
    source: () => sources.at(-1) ?? expect.fail('nothing was opened'),
    open: () => sources.filter((source) => source.isOpen).length,
    freeSlots: () => free,
    addSlot: () => (free += 1),
    endCount: () => ends,
    show: async (value: boolean) => {
      isVisible = value;
      watcher?.();
      await settle();
    },
    pass: async (ms: number) => {
      now += ms;
      const due = timers.filter((timer) => timer.at <= now);
      timers = timers.filter((timer) => timer.at > now);
      for (const timer of due) timer.run();
      await settle();
    },
  };
}

const building = { state: 'building' } as BuildView;

describe('BuildStream', () => {
  it('fills the log and is live once it has caught up', async () => {
    const { stream, log, settle, source, states } = setUp();
    stream.start();
    await settle();
    expect(source().url).toBe('/events?after=1:0');
    source().send('step', stepOf({ key: 'a', state: 'running' }), '1:0');
    source().send('lines', [lineOf(1, 'a'), lineOf(2, 'a')], '1:4');
    expect(stream.status).toBe('connecting');
    source().send('state', building);
    expect(stream.status).toBe('live');
    expect(states).toEqual(['building']);
    expect(log.countOf('a')).toBe(2);
    expect(log.steps[0]?.state).toBe('running');
    source().send('attempt', { attempt: 2 }, '2:0');
    expect(log.position).toBe('2:0');
  });

  it('closes for good at the end', async () => {
    const { stream, settle, source, open, freeSlots, show, endCount } = setUp();
    stream.start();
    await settle();
    source().send('state', { state: 'published' });
    source().send('end', { state: 'published' });
    expect(stream.status).toBe('ended');
    expect(endCount()).toBe(1);
    expect(open()).toBe(0);
    expect(freeSlots()).toBe(1);
    stream.start();
    await show(true);
    expect(open()).toBe(0);
  });

  it('goes on at its position after the connection broke, waiting longer each time', async () => {
    const { stream, settle, source, sources, pass, open } = setUp();
    stream.start();
    await settle();
    source().send('lines', [lineOf(1, 'a')], '1:9');
    source().send('error');
    expect(stream.status).toBe('reconnecting');
    expect(open()).toBe(0);
    await pass(500);
    expect(source().url).toBe('/events?after=1:9');
    source().send('error');
    await pass(500);
    expect(sources).toHaveLength(2);
    await pass(500);
    expect(sources).toHaveLength(3);
    source().send('state', building);
    expect(stream.status).toBe('live');
  });

  it('connects again when the server says it failed, and when lines are missing', async () => {
    const { stream, settle, source, sources, pass, log } = setUp();
    stream.start();
    await settle();
    source().send('fail', { code: 'INTERNAL' });
    await pass(500);
    source().send('lines', [lineOf(2, 'a')], '1:5');
    source().send('lines', [lineOf(1, 'a')], '1:6');
    expect(log.lineCount).toBe(0);
    await pass(1_000);
    expect(sources).toHaveLength(3);
    expect(source().url).toBe('/events?after=1:0');
  });

  it('gives its place to others when the page is hidden, and comes back', async () => {
    const { stream, settle, source, show, pass, open, freeSlots } = setUp();
    stream.start();
    await settle();
    source().send('lines', [lineOf(1, 'a')], '1:3');
    source().send('state', building);
    await show(false);
    await pass(HIDDEN_MS - 1);
    expect(open()).toBe(1);
    await pass(1);
    expect(stream.status).toBe('paused');
    expect(open()).toBe(0);
    expect(freeSlots()).toBe(1);
    await show(true);
    expect(source().url).toBe('/events?after=1:3');
    expect(stream.status).toBe('connecting');
  });

  it('keeps its connection while tabs are flicked through', async () => {
    const { stream, settle, source, sources, show, pass, open } = setUp();
    stream.start();
    await settle();
    source().send('state', building);
    await show(false);
    await show(true);
    await pass(HIDDEN_MS);
    expect(open()).toBe(1);
    expect(sources).toHaveLength(1);
  });

  it('opens nothing in a tab that starts hidden', async () => {
    const { stream, settle, sources, show } = setUp();
    await show(false);
    stream.start();
    await settle();
    expect(sources).toHaveLength(0);
    expect(stream.status).toBe('paused');
    await show(true);
    expect(sources).toHaveLength(1);
  });

  it('connects only for moments when there are too many windows, until there is a place', async () => {
    const { stream, settle, source, sources, pass, open, addSlot } = setUp({
      slots: 0,
    });
    stream.start();
    await settle();
    source().send('lines', [lineOf(1, 'a')], '1:2');
    source().send('state', building);
    expect(stream.status).toBe('polling');
    expect(open()).toBe(0);
    await pass(POLL_MS);
    expect(sources).toHaveLength(2);
    expect(source().url).toBe('/events?after=1:2');
    source().send('state', building);
    addSlot();
    await pass(POLL_MS);
    source().send('state', building);
    expect(stream.status).toBe('live');
    expect(open()).toBe(1);
  });

  it('leaves nothing open when it is stopped while it waits for a place', async () => {
    const { stream, settle, sources, freeSlots } = setUp();
    stream.start();
    stream.stop();
    await settle();
    expect(sources).toHaveLength(0);
    expect(freeSlots()).toBe(1);
  });

  it('ignores what a connection says after it was given up', async () => {
    const { stream, settle, sources, log } = setUp();
    stream.start();
    await settle();
    stream.reconnect();
    await settle();
    sources[0]?.send('lines', [lineOf(1, 'a')], '1:1');
    sources[0]?.send('error');
    expect(log.lineCount).toBe(0);
    expect(stream.status).toBe('connecting');
    expect(sources).toHaveLength(2);
  });
});
