import { Link, X } from 'lucide-react';
import { count } from '@/components/builds/labels';
import { formatAnchor } from '@/components/builds/log-anchor';
import type { LogMarks } from '@/components/builds/log-block';
import { toPlainText } from '@/components/builds/log-text';
import type { OpenLog } from '@/components/builds/use-build-log';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { formatNumber } from '@/components/ui/format';
import { readLines } from '@/lib/queries/builds';

/** As many as one request gives; more is for the download. */
const COPY_LINES = 5_000;

/** What can be done with the selected lines. */
export function SelectionBar({
  open: { buildId, log },
  attempt,
  selected: { first, last },
  onLeave,
}: {
  open: OpenLog;
  /** As links name it. */
  attempt: number | null;
  selected: NonNullable<LogMarks['selected']>;
  onLeave: () => void;
}) {
  const limit = last - first + 1;
  const name =
    limit === 1
      ? `Line ${formatNumber(first)}`
      : `Lines ${formatNumber(first)} to ${formatNumber(last)}`;
  return (
    <div className="sticky bottom-2 z-[5] mt-2 flex justify-center">
      <div
        role="region"
        aria-label="Selected lines"
        className="flex max-w-full flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-popup px-2 py-1 shadow-popup"
      >
        <span className="tabular-nums">
          {name}
          {limit > 1 && (
            <span className="text-ink-3"> · {count(limit, 'line')}</span>
          )}
        </span>
        {limit <= COPY_LINES && (
          <CopyButton
            hasLabel
            label={limit === 1 ? 'the line' : 'the lines'}
            text={async () => {
              const { lines } = await readLines(buildId, {
                attempt: log.attempt,
                from: first,
                limit,
              });
              return toPlainText(lines);
            }}
          />
        )}
        <span className="inline-flex items-center text-ink-2">
          <Link aria-hidden className="size-3.5" />
          <CopyButton
            label={limit === 1 ? 'a link to the line' : 'a link to the lines'}
            text={() => {
              const { origin, pathname } = window.location;
              const hash = formatAnchor({ attempt, first, last });
              return Promise.resolve(`${origin}${pathname}${hash}`);
            }}
          />
        </span>
        <Button
          variant="ghost"
          size="sm"
          aria-label="Leave the selection"
          icon={<X aria-hidden />}
          onClick={onLeave}
        />
      </div>
    </div>
  );
}
