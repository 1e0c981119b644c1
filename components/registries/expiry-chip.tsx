'use client';
import { CalendarClock } from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import { useNow } from '@/components/ui/clock';
import { Time } from '@/components/ui/time';
import { expiryLevel } from '@/lib/registry/credential-expiry';

/** Says that a credential ends soon or has ended; nothing while there is time. */
export function ExpiryChip({ expiresAt }: { expiresAt: string | null }) {
  const level = expiryLevel(expiresAt, useNow(60_000));
  if (level === null || expiresAt === null) return null;
  return (
    <Chip tone={level === 'soon' ? 'warn' : 'bad'} icon={<CalendarClock />}>
      {level === 'over' ? 'ended' : 'ends'} <Time at={expiresAt} />
    </Chip>
  );
}
