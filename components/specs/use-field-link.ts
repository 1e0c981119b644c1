'use client';
import { useEffect } from 'react';
import { findLine, readFieldLink } from '@/components/specs/field-link';

/** Takes the focus to the field that the address names, with the line selected it names. */
export function useFieldLink(): void {
  useEffect(() => {
    const link = readFieldLink(window.location.hash);
    if (!link) return;
    const control = document.querySelector<HTMLElement>(
      `[data-field="${CSS.escape(link.field)}"] :is(textarea, input, button)`,
    );
    if (!control) return;
    control.scrollIntoView({ block: 'center' });
    control.focus({ preventScroll: true });
    if (!(control instanceof HTMLTextAreaElement) || link.line === null) return;
    const place = findLine(control.value, link.line);
    if (place) control.setSelectionRange(...place);
  }, []);
}
