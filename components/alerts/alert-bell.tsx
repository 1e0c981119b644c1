'use client';
import { useQuery } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import Link from 'next/link';
import { alertQueries } from '@/lib/queries/alerts';

/** How many alerts this person has not read; leads to them. Seed `alertKeys.unread` to have it at once. */
export function AlertBell() {
  const { data } = useQuery(alertQueries.unread);
  const unread = data?.unread ?? 0;
  const shown = unread >= 100 ? '99+' : String(unread);
  return (
    <Link
      href="/alerts"
      aria-label={unread === 0 ? 'Alerts' : `Alerts, ${shown} unread`}
      className="relative flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <Bell aria-hidden className="size-4" />
      {unread > 0 && (
        <span
          aria-hidden
          className="absolute -top-0.5 -right-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-bad px-1 text-2xs leading-none text-panel tabular-nums"
        >
          {shown}
        </span>
      )}
    </Link>
  );
}
