'use client';
import {
  createContext,
  type ReactNode,
  useContext,
  useSyncExternalStore,
} from 'react';

const RenderedAt = createContext(0);

/**
 * Says when the server rendered, so that a relative time is the same text on the server and while the page hydrates.
 * Stands in the root layout.
 */
export function ClockProvider({
  renderedAt,
  children,
}: {
  renderedAt: number;
  children: ReactNode;
}) {
  return <RenderedAt value={renderedAt}>{children}</RenderedAt>;
}

const subscribers = new Map<number, (onTick: () => void) => () => void>();

// One timer per step length, however many times are on the page.
function subscriberOf(stepMs: number) {
  const known = subscribers.get(stepMs);
  if (known) return known;
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const subscribe = (onTick: () => void) => {
    listeners.add(onTick);
    timer ??= setInterval(
      () => listeners.forEach((listener) => listener()),
      stepMs,
    );
    return () => {
      listeners.delete(onTick);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  subscribers.set(stepMs, subscribe);
  return subscribe;
}

/** The current time in steps of `stepMs`; while hydrating, the time the server rendered at. */
export function useNow(stepMs: number): number {
  const renderedAt = useContext(RenderedAt);
  return useSyncExternalStore(
    subscriberOf(stepMs),
    () => Math.floor(Date.now() / stepMs) * stepMs,
    () => renderedAt,
  );
}

const subscribeToNothing = () => () => undefined;

/** False on the server and while hydrating, then true: for what only the browser knows, such as its time zone. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    subscribeToNothing,
    () => true,
    () => false,
  );
}
