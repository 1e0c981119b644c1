import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

const EDGE = {
  plain: 'border-line',
  good: 'border-[color-mix(in_srgb,var(--color-good)_45%,var(--color-line))]',
  warn: 'border-[color-mix(in_srgb,var(--color-warn)_45%,var(--color-line))]',
  bad: 'border-[color-mix(in_srgb,var(--color-bad)_45%,var(--color-line))]',
} as const;

const HEAD = {
  plain: '',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
} as const;

/**
 * A panel with a hairline. `title` makes a head row, `actions` stand at its right end. `isFlush` leaves the body's
 * padding to the content, for tables, steps and code.
 */
export function Card({
  tone = 'plain',
  title,
  icon,
  actions,
  isFlush = false,
  className,
  children,
}: {
  tone?: 'plain' | 'good' | 'warn' | 'bad';
  title?: ReactNode;
  icon?: ReactNode;
  actions?: ReactNode;
  isFlush?: boolean;
  className?: string;
  children?: ReactNode;
}) {
  return (
    <section
      className={cn(
        'min-w-0 rounded-lg border bg-panel',
        EDGE[tone],
        className,
      )}
    >
      {title !== undefined && (
        <div
          className={cn(
            'flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 border-line px-3 py-1 font-semibold [&>svg]:size-3.5 [&>svg]:shrink-0',
            children !== undefined && 'border-b',
            'rounded-t-[7px]',
            HEAD[tone],
          )}
        >
          {icon}
          <h2 className="min-w-0">{title}</h2>
          {actions !== undefined && (
            <div className="ml-auto flex items-center gap-2 font-normal text-ink">
              {actions}
            </div>
          )}
        </div>
      )}
      {children !== undefined && (
        <div className={cn(!isFlush && 'p-3')}>{children}</div>
      )}
    </section>
  );
}

/** A heading over a part of a page, with what can be done to it. */
export function Section({
  title,
  actions,
  children,
}: {
  title: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="mt-6">
      <div className="mb-2 flex min-h-7 flex-wrap items-center gap-2">
        <h2 className="font-semibold">{title}</h2>
        {actions !== undefined && (
          <div className="ml-auto flex items-center gap-2">{actions}</div>
        )}
      </div>
      {children}
    </section>
  );
}

/** Two halves side by side, one below the other where there is no room. */
export function Columns({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      {children}
    </div>
  );
}
