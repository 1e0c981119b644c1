'use client';
import { cn } from '@/components/ui/cn';
import { useIsHydrated, useNow } from '@/components/ui/clock';
import {
  formatDuration,
  formatInstant,
  formatRelative,
} from '@/components/ui/format';

/** An instant as "2 h ago", kept up to date; the exact one, in the reader's time zone, on hover. `at` is an ISO text. */
export function Time({ at, className }: { at: string; className?: string }) {
  const instant = Date.parse(at);
  const now = useNow(5_000);
  const isHydrated = useIsHydrated();
  return (
    <time
      dateTime={at}
      title={formatInstant(instant, isHydrated ? undefined : 'UTC')}
      className={cn('whitespace-nowrap tabular-nums', className)}
    >
      {formatRelative(instant, now)}
    </time>
  );
}

/** How long something took, or takes so far while `to` is missing. */
export function Elapsed({
  from,
  to,
}: {
  from: string;
  to?: string | null | undefined;
}) {
  const now = useNow(1_000);
  const text = to
    ? formatDuration(Date.parse(to) - Date.parse(from))
    : formatDuration(now - Date.parse(from), 0);
  return <span className="whitespace-nowrap tabular-nums">{text}</span>;
}
