'use client';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { RevisionView } from '@/lib/imagespec/views';

/** Says that a draft was brought back, or that somebody saved another revision meanwhile. */
export function DraftNotice({
  base,
  current,
  isRefused,
  restoredFrom,
  onRebase,
  onDiscard,
}: {
  base: number;
  current: RevisionView | null;
  /** Saving was just refused because of it. */
  isRefused: boolean;
  restoredFrom: string | null;
  onRebase: () => void;
  onDiscard: () => void;
}) {
  const discard = (
    <Button size="sm" onClick={onDiscard}>
      Discard the draft
    </Button>
  );
  if (current && base !== current.number) {
    return (
      <Notice
        tone="warn"
        role={isRefused ? 'alert' : 'status'}
        title={
          <>
            {isRefused && 'Not saved: '}
            {current.author ?? 'Somebody'} saved revision {current.number}{' '}
            <Time at={current.createdAt} />, after you began from revision{' '}
            {base}.
          </>
        }
        actions={
          <>
            <Button size="sm" onClick={onRebase}>
              Put mine on top
            </Button>
            {discard}
          </>
        }
      >
        What you typed is still here. “What changed” compares it with revision{' '}
        {current.number}, so look there before you save over it.
      </Notice>
    );
  }
  if (restoredFrom === null) return null;
  return (
    <Notice
      role="status"
      title={
        <>
          Your draft from <Time at={restoredFrom} /> is back.
        </>
      }
      actions={discard}
    >
      It was kept in this browser and is not saved yet.
    </Notice>
  );
}

/** Beside the title: what the draft goes on from, and that it is kept. */
export function DraftStatus({
  base,
  keptAt,
  isRefused,
}: {
  base: number;
  keptAt: string | null;
  isRefused: boolean;
}) {
  return (
    <>
      <Chip>{base === 0 ? 'draft' : `draft on revision ${base}`}</Chip>
      {isRefused ? (
        <span className="text-xs text-warn">
          This browser does not keep the draft.
        </span>
      ) : (
        keptAt && (
          <span className="text-xs text-ink-3">
            kept in this browser <Time at={keptAt} />
          </span>
        )
      )}
    </>
  );
}
