'use client';
import Link from 'next/link';
import { type KeyboardEvent, useRef, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { Tooltip } from '@/components/ui/tooltip';
import type { StateGroup } from '@/lib/build/list-filter';

/** One build's bar. `height` is from 0 to 1, `null` where there is nothing to measure. */
export type Bar = {
  buildId: string;
  height: number | null;
  tone: StateGroup | 'plain';
  words: string;
};

// Failures are striped too: the hue is never alone.
const INK: Record<Bar['tone'], string> = {
  published: 'bg-good',
  failed:
    'bg-bad bg-[image:repeating-linear-gradient(135deg,transparent_0_3px,var(--color-panel)_3px_4px)]',
  cancelled: 'bg-line-strong',
  moving: 'bg-run',
  plain: 'bg-accent',
};

/**
 * Bars, the oldest first, each a link to its build. One stop of the Tab key: arrow keys, Home and End go from bar to
 * bar. On a phone the last fourteen are shown.
 */
export function BarChart({
  label,
  value,
  bars,
}: {
  label: string;
  /** What the bars say together. */
  value: string;
  bars: readonly Bar[];
}) {
  const list = useRef<HTMLOListElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const stop = bars.some(({ buildId }) => buildId === chosen)
    ? chosen
    : bars.at(-1)?.buildId;
  const move = (event: KeyboardEvent) => {
    const links = [...(list.current?.querySelectorAll('a') ?? [])].filter(
      (link) => link.offsetParent !== null,
    );
    const at = links.findIndex((link) => link === document.activeElement);
    const to = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: links.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    links[to]?.focus();
  };
  return (
    <section aria-label={label} className="min-w-0">
      <p className="mb-1.5 flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xs text-ink-3">{label}</span>
        <span className="ml-auto text-xs text-ink-2 tabular-nums">{value}</span>
      </p>
      <ol
        ref={list}
        aria-label={`${label}, the oldest first`}
        onKeyDown={move}
        className="flex h-12 items-stretch border-b max-sm:[&>li:nth-last-child(n+15)]:hidden"
      >
        {bars.map(({ buildId, height, tone, words }) => (
          <li key={buildId} className="max-w-7 min-w-0 flex-1">
            <Tooltip text={words}>
              <Link
                href={`/builds/${buildId}`}
                aria-label={words}
                tabIndex={buildId === stop ? 0 : -1}
                onFocus={() => setChosen(buildId)}
                className="flex h-full items-end rounded-sm px-px -outline-offset-1 hover:bg-hover"
              >
                <span
                  style={{ height: `${(height ?? 0) * 100}%` }}
                  className={cn(
                    'block min-h-0.5 w-full rounded-t-[2px]',
                    INK[tone],
                  )}
                />
              </Link>
            </Tooltip>
          </li>
        ))}
      </ol>
    </section>
  );
}
