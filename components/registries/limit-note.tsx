'use client';
import { useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import {
  COSTS,
  sayLimits,
  type Spending,
} from '@/components/registries/limit-words';
import { cn } from '@/components/ui/cn';
import { Time } from '@/components/ui/time';
import { limitsOf } from '@/lib/queries/limits';

/** What is left of a limit, said where something would spend it. Nothing for hosts that are known to count nothing. */
export function LimitNote({
  hosts,
  spending,
  className,
}: {
  hosts: readonly string[];
  spending: Spending;
  className?: string;
}) {
  return hosts.map((host) => (
    <HostLimit
      key={host}
      host={host}
      spending={spending}
      className={className}
    />
  ));
}

function HostLimit({
  host,
  spending,
  className,
}: {
  host: string;
  spending: Spending;
  className: string | undefined;
}) {
  const { data } = useQuery(limitsOf(host));
  const words = data ? sayLimits(host, data) : null;
  if (!words) return null;
  const { isCounting, left, pausedUntil } = words;
  return (
    <p
      role="note"
      aria-label={`Pull limit of ${host}`}
      data-prose
      className={cn('flex items-start gap-1.5 text-xs text-ink-3', className)}
    >
      <Gauge aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0 break-words">
        {pausedUntil !== null && (
          <span className="text-warn">
            {host} refuses pulls until <Time at={pausedUntil} />.{' '}
          </span>
        )}
        {isCounting && (
          <>
            {host} counts pulls. {COSTS[spending]}{' '}
            {left.length === 0
              ? 'What is left shows here after the first look.'
              : `${left.join('. ')}.`}
          </>
        )}
      </span>
    </p>
  );
}
