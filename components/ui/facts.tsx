import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

/** The few facts that identify a page's subject, in one row of hairlined cells. Holds `Fact`s. */
export function Facts({
  children,
  className,
}: {
  children: ReactNode;
  className?: string;
}) {
  return (
    <dl
      className={cn(
        'flex flex-wrap overflow-hidden rounded-lg border bg-panel',
        className,
      )}
    >
      {children}
    </dl>
  );
}

export function Fact({
  label,
  children,
}: {
  label: ReactNode;
  children: ReactNode;
}) {
  // The negative margin hides the outer cells' left and top lines under the frame, however they wrap.
  return (
    <div className="-mt-px -ml-px min-w-0 flex-[1_1_9.5rem] border-t border-l px-3.5 py-2">
      <dt className="text-2xs text-ink-3">{label}</dt>
      <dd className="min-w-0 break-words tabular-nums">{children}</dd>
    </div>
  );
}

/** Names and values below each other, the names in one column. Holds `KeyValue`s. */
export function KeyValues({
  children,
  className,
}: {
  children: ReactNode;
  className?: string;
}) {
  return (
    <dl
      className={cn(
        'grid grid-cols-1 sm:grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] sm:items-baseline sm:gap-x-6',
        className,
      )}
    >
      {children}
    </dl>
  );
}

export function KeyValue({
  label,
  children,
}: {
  label: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <dt className="py-1 text-ink-3 max-sm:pb-0 max-sm:text-2xs">{label}</dt>
      <dd className="min-w-0 py-1 break-words tabular-nums max-sm:pt-0">
        {children}
      </dd>
    </>
  );
}
