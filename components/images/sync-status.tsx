'use client';
import {
  CircleAlert,
  CircleCheck,
  CircleSlash,
  Clock,
  RefreshCw,
} from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import { formatNumber } from '@/components/ui/format';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Time } from '@/components/ui/time';
import type { SyncView } from '@/lib/registry/inventory-views';

const PHASES = {
  tags: 'Listing tags',
  digests: 'tags',
  untagged: 'digests without a tag',
} as const;

/** How far a sync is, in words: "412 of 1,200 tags". */
function syncWords({ state, phase, done, total }: SyncView): string {
  if (state === 'waiting') return 'Waiting';
  if (phase === 'tags') return PHASES.tags;
  return `${formatNumber(done)} of ${formatNumber(total)} ${PHASES[phase]}`;
}

/** The state of the last sync in a chip. */
export function SyncChip({ sync }: { sync: SyncView | null }) {
  if (!sync) return <Chip>never read</Chip>;
  switch (sync.state) {
    case 'waiting':
      return <Chip icon={<Clock />}>waiting</Chip>;
    case 'running':
      return (
        <Chip tone="run" icon={<RefreshCw />}>
          {syncWords(sync)}
        </Chip>
      );
    case 'failed':
      return (
        <Chip tone="bad" icon={<CircleAlert />} title={sync.failure?.message}>
          could not be read
        </Chip>
      );
    case 'cancelled':
      return <Chip icon={<CircleSlash />}>stopped</Chip>;
    case 'done':
      return (
        <Chip tone="good" icon={<CircleCheck />}>
          read {sync.syncedAt && <Time at={sync.syncedAt} />}
        </Chip>
      );
  }
}

/** The bar of a sync that is under way. */
export function SyncProgress({ sync }: { sync: SyncView }) {
  return (
    <div className="grid gap-1">
      <p className="text-ink-2 tabular-nums" role="status">
        {syncWords(sync)}
        {sync.state === 'waiting' && sync.failure && (
          <>: {sync.failure.message}</>
        )}
      </p>
      <ProgressBar
        value={sync.total === 0 ? 0 : sync.done / sync.total}
        label="Reading the repository"
      />
    </div>
  );
}
