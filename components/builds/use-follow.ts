'use client';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

const NEAR_PX = 24;

/**
 * Keeps a scroll box at its end while `size` grows, until the reader scrolls up; on again at the bottom, or by
 * `setFollowing`. With `isAtEnd` it starts there.
 */
export function useFollow(
  box: RefObject<HTMLElement | null>,
  size: number,
  isAtEnd: boolean,
): {
  isFollowing: boolean;
  setFollowing: (next: boolean | ((before: boolean) => boolean)) => void;
  onScroll: () => void;
} {
  const [isFollowing, setFollowing] = useState(isAtEnd);
  const lastTop = useRef(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!isFollowing || !element) return;
    element.scrollTo({ top: element.scrollHeight });
    lastTop.current = element.scrollTop;
  }, [box, isFollowing, size]);
  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    if (scrollHeight - scrollTop - clientHeight <= NEAR_PX) setFollowing(true);
    // Only the reader moves it up; growing content and our own scrolling move it down.
    else if (scrollTop < lastTop.current - 1) setFollowing(false);
    lastTop.current = scrollTop;
  };
  return { isFollowing, setFollowing, onScroll };
}
