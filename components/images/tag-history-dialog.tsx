'use client';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { Digest } from '@/components/ui/digest';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Spinner } from '@/components/ui/spinner';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import { inventoryQueries } from '@/lib/queries/inventory';

/** Which digest a tag pointed to, and when that was seen to change. */
export function TagHistoryDialog({
  repositoryId,
  tag,
  trigger,
}: {
  repositoryId: string;
  tag: string;
  trigger: ReactElement;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title={`History of ${tag}`}
      description="Moves as they were seen from here, the newest first."
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={setOpen}
    >
      {isOpen && <Moves repositoryId={repositoryId} tag={tag} />}
    </Dialog>
  );
}

function Moves({ repositoryId, tag }: { repositoryId: string; tag: string }) {
  const { data, error } = useQuery(inventoryQueries.history(repositoryId, tag));
  if (error) return <ErrorNotice error={errorView(error)} />;
  if (!data)
    return (
      <p className="flex items-center gap-2 text-ink-2">
        <Spinner /> Reading…
      </p>
    );
  if (data.length === 0)
    return <p className="text-ink-2">No move was seen yet.</p>;
  return (
    <ol className="grid max-h-[60vh] gap-3 overflow-y-auto" tabIndex={0}>
      {data.map((move) => (
        <li key={`${move.seenAt}${move.to ?? ''}`} className="border-l-2 pl-3">
          <p className="flex flex-wrap items-center gap-x-2">
            {move.to === null ? (
              <span>Gone</span>
            ) : (
              <Digest
                value={move.to}
                href={`/images/${repositoryId}/${move.to}`}
              />
            )}
            <span className="text-ink-3">
              <Time at={move.seenAt} />
            </span>
          </p>
          <p className="text-xs text-ink-3">
            {move.from === null ? (
              'New, or back again'
            ) : (
              <>
                before:{' '}
                <Digest
                  value={move.from}
                  href={`/images/${repositoryId}/${move.from}`}
                  hasCopy={false}
                />
              </>
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}
