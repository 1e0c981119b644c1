'use client';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const NEAR_PX = 24;

/**
 * While `isOn`, scrolls the page so far down that the end of a growing box is in sight. Scrolling the page up stops it,
 * reaching the bottom of the page starts it again.
 */
export function usePageFollow(
  box: RefObject<HTMLElement | null>,
  size: number,
  isOn: boolean,
): void {
  const isFollowing = useRef(true);
  const lastTop = useRef(0);
  useEffect(() => {
    lastTop.current = window.scrollY;
    const onScroll = () => {
      const { scrollHeight, clientHeight } = document.documentElement;
      const top = window.scrollY;
      if (scrollHeight - top - clientHeight <= NEAR_PX)
        isFollowing.current = true;
      else if (top < lastTop.current) isFollowing.current = false;
      lastTop.current = top;
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (!isOn || !isFollowing.current || !element) return;
    const hidden =
      element.getBoundingClientRect().bottom + NEAR_PX - window.innerHeight;
    if (hidden > 0) window.scrollBy({ top: hidden });
  }, [box, size, isOn]);
}
