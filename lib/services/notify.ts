import 'server-only';
import { sql } from 'drizzle-orm';
import { connectListener, type Database, type Transaction } from '@/db';
import { log } from '@/lib/log';

const PG_CHANNEL = 'imageyard';
const RECONNECT_MS = 1_000;

/** What changed: one build, or the queue of a team, or the list of due jobs. */
export type Topic = `build:${string}` | `queue:${string}` | 'jobs';

type Hub = { listeners: Map<Topic, Set<() => void>>; isStarted: boolean };
// Shared by every bundle of the process, as the pool in db/index.ts is.
const holder = globalThis as typeof globalThis & { imageyardHub?: Hub };
const hub: Hub = (holder.imageyardHub ??= {
  listeners: new Map(),
  isStarted: false,
});

/** Wakes whoever waits for the topic, in every app process, when the transaction commits. Carries ids, never content. */
export async function notify(
  tx: Transaction | Database,
  topic: Topic,
): Promise<void> {
  await tx.execute(sql`select pg_notify(${PG_CHANNEL}, ${topic})`);
}

function wake(topic: Topic): void {
  for (const listener of hub.listeners.get(topic) ?? []) listener();
}

async function listen(): Promise<void> {
  const client = await connectListener();
  const ended = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  client.on('notification', (message) => {
    if (message.payload) wake(message.payload as Topic);
  });
  await client.query(`listen ${PG_CHANNEL}`);
  // What was said while we were not listening is lost: everybody looks once.
  for (const topic of hub.listeners.keys()) wake(topic);
  await ended;
  client.end().catch(() => undefined);
}

async function listenForEver(): Promise<never> {
  for (;;) {
    await listen().catch((error: unknown) => {
      log.warn({ err: error }, 'listening for notifications failed');
    });
    await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

/** Calls `listener` on each notification of the topic until the returned function is called. */
export function subscribe(topic: Topic, listener: () => void): () => void {
  if (!hub.isStarted) {
    hub.isStarted = true;
    void listenForEver();
  }
  const set = hub.listeners.get(topic) ?? new Set();
  hub.listeners.set(topic, set.add(listener));
  return () => {
    set.delete(listener);
    if (set.size === 0 && hub.listeners.get(topic) === set)
      hub.listeners.delete(topic);
  };
}

/** Something to wait on: a notification that came since the last `next` ends the wait at once. */
export type Waiter = { next(timeoutMs: number): Promise<void>; close(): void };

/** Subscribes now, so that nothing between a read of the store and the wait is missed. */
export function waiter(topic: Topic, signal?: AbortSignal): Waiter {
  let isWoken = false;
  let resume: (() => void) | undefined;
  const poke = () => {
    isWoken = true;
    resume?.();
  };
  const unsubscribe = subscribe(topic, poke);
  signal?.addEventListener('abort', poke, { once: true });
  return {
    next: async (timeoutMs) => {
      if (!isWoken && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeoutMs);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        resume = undefined;
      }
      isWoken = false;
    },
    close: () => {
      unsubscribe();
      signal?.removeEventListener('abort', poke);
    },
  };
}
