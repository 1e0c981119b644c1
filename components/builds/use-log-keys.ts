'use client';
import { useEffect, useEffectEvent } from 'react';
import { commandOf, type LogCommand } from '@/components/builds/log-keys';

/** Obeys the keys of the log viewer wherever the focus is, but in fields and dialogs. */
export function useLogKeys(onCommand: (command: LogCommand) => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelector(OVERLAY)) return;
    const command = commandOf(event, isField(event.target));
    if (command === null) return;
    // With the focus in our own field already, Ctrl+F is the browser's.
    if (command === 'search' && isSearchField(event.target)) return;
    if (command !== 'leave') event.preventDefault();
    onCommand(command);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

const OVERLAY = '[role="dialog"], [role="alertdialog"], [role="menu"]';

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}

function isSearchField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('[type="search"]');
}
