'use client';
import { useEffect, useRef, useState } from 'react';
import {
  followForm,
  isBehind,
  openSide,
  readSide,
  says,
  type CodeSide,
  type Language,
} from '@/components/code/code-side';
import type { ImageSpec } from '@/lib/imagespec/schema';

const PAUSE_MS = 300;

/**
 * Keeps a text and the form's spec in step. What is typed is read after a pause and, when it is whole, handed on. A spec
 * that means something else than the text replaces it, but never while the text has the focus.
 */
export function useCodeSide(
  language: Language,
  spec: ImageSpec | null,
  onSpec: (spec: ImageSpec) => void,
) {
  const [side, setSide] = useState<CodeSide>(() => openSide(language, spec));
  const [hasFocus, setHasFocus] = useState(false);
  const [unread, setUnread] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const handOn = useRef(onSpec);
  useEffect(() => {
    handOn.current = onSpec;
  });
  useEffect(() => () => clearTimeout(timer.current), []);

  const mayFollow = !hasFocus && unread === null;
  const isWaiting = isBehind(side, spec);
  const canFollow = mayFollow || (spec !== null && says(side, spec));
  if (spec && isWaiting && canFollow) setSide(followForm(side, spec));

  const read = (text: string) => {
    clearTimeout(timer.current);
    setUnread(null);
    const next = readSide(side, text);
    setSide(next);
    if (next.spec) handOn.current(next.spec);
  };
  const change = (text: string) => {
    setUnread(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => read(text), PAUSE_MS);
  };
  return {
    side,
    text: unread ?? side.text,
    isReading: unread !== null,
    /** The form's spec, while the text may not be replaced by it. */
    waiting: isWaiting && !canFollow ? spec : null,
    change,
    /** Reads a text at once, as behind a fix. */
    read,
    onFocus: () => setHasFocus(true),
    onBlur: () => {
      setHasFocus(false);
      if (unread !== null) read(unread);
    },
  };
}
