'use client';
import { type RefObject, useEffect } from 'react';

/** A line to bring into sight: its step and its place there, from 0. A new object asks again. */
export type Target = { step: string; index: number };

const SETTLE_FRAMES = 12;

/**
 * Brings a line of a scroll box into the middle. `goNear` first scrolls to about where it is; then the line itself is
 * followed for a few frames, since it moves while the heights of its neighbours become known. Again once `isHere`.
 */
export function useReveal(
  box: RefObject<HTMLElement | null>,
  target: Target | undefined,
  isHere: boolean,
  goNear: (index: number) => void,
): void {
  useEffect(() => {
    if (!target) return;
    const find = () =>
      box.current?.querySelector(`[data-place="${target.index}"]`);
    if (!find()) goNear(target.index);
    let frames = 0;
    let request = requestAnimationFrame(function settle() {
      find()?.scrollIntoView({ block: 'center', inline: 'nearest' });
      frames += 1;
      if (frames < SETTLE_FRAMES) request = requestAnimationFrame(settle);
    });
    return () => cancelAnimationFrame(request);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- Only another target, or its arrival, moves the reader.
  }, [box, target, isHere]);
}
