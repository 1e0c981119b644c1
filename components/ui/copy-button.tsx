'use client';
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';

const SHOWN_MS = 1600;

// The clipboard API exists only on https and loopback; a dashboard inside a network often has neither.
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.style.position = 'fixed';
  area.style.opacity = '0';
  const dialog = document.activeElement?.closest(
    '[role="dialog"], [role="alertdialog"]',
  );
  (dialog ?? document.body).append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}

async function copyText(text: string): Promise<boolean> {
  const clipboard = (navigator as Partial<Navigator>).clipboard;
  if (!clipboard) return copyBySelection(text);
  return clipboard.writeText(text).then(
    () => true,
    () => copyBySelection(text),
  );
}

type CopyState = 'idle' | 'copied' | 'refused';
const WORDS: Record<CopyState, string> = {
  idle: 'Copy',
  copied: 'Copied',
  refused: 'Failed',
};

/**
 * Copies `text`, which may have to be fetched first, and says so in place. `label` names what is copied; without
 * `hasLabel` only the icon is seen.
 */
export function CopyButton({
  text,
  label,
  hasLabel = false,
}: {
  text: string | (() => Promise<string>);
  label: string;
  hasLabel?: boolean;
}) {
  const [state, setState] = useState<CopyState>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const icon = state === 'copied' ? <Check className="text-good" /> : <Copy />;
  const copy = () => {
    const copied =
      typeof text === 'string' ? copyText(text) : text().then(copyText);
    void copied.then(
      (isDone) => setState(isDone ? 'copied' : 'refused'),
      () => setState('refused'),
    );
  };
  return (
    <span className="relative inline-flex">
      <Button
        variant={hasLabel ? 'plain' : 'ghost'}
        size="sm"
        icon={icon}
        aria-label={`Copy ${label}`}
        title={state === 'idle' ? `Copy ${label}` : WORDS[state]}
        onClick={copy}
      >
        {hasLabel ? (
          <span className="grid" aria-hidden>
            {Object.values(WORDS).map((word) => (
              <span
                key={word}
                className={cn(
                  'col-start-1 row-start-1',
                  word !== WORDS[state] && 'invisible',
                )}
              >
                {word}
              </span>
            ))}
          </span>
        ) : undefined}
      </Button>
      <span role="status" className="sr-only">
        {state === 'idle' ? '' : WORDS[state]}
      </span>
      {!hasLabel && state !== 'idle' && (
        <span
          aria-hidden
          className="pointer-events-none absolute right-0 bottom-full z-10 mb-1 animate-arrive rounded-md border border-line-strong bg-popup px-1.5 text-2xs leading-5 whitespace-nowrap text-ink shadow-popup"
        >
          {WORDS[state]}
        </span>
      )}
    </span>
  );
}
