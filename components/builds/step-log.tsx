'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { LogLine, logLineStyle } from '@/components/builds/log-line';
import { toPlainText } from '@/components/builds/log-text';
import type { LogPreferences } from '@/components/builds/log-preferences';
import { type OpenLog, useLogVersion } from '@/components/builds/use-build-log';
import { useFollow } from '@/components/builds/use-follow';
import { usePageFollow } from '@/components/builds/use-page-follow';
import { cn } from '@/components/ui/cn';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { ErrorNotice } from '@/components/ui/error-notice';
import type { StepView } from '@/lib/build/views';
import { errorView } from '@/lib/queries/fetch-json';

const LINE_PX = 18;
/** More is for the download. */
const COPY_LINES = 20_000;

/** What one step printed, drawn as far as it is in sight. It follows a running step and starts at the end of a failed one. */
export function StepLog({
  open,
  step,
  since,
  preferences,
}: {
  open: OpenLog;
  step: StepView;
  since: number;
  preferences: LogPreferences;
}) {
  const { log, reader } = open;
  useLogVersion(log);
  const box = useRef<HTMLDivElement>(null);
  const lines = log.linesOf(step.key);
  const total = log.countOf(step.key);
  // eslint-disable-next-line react-hooks/incompatible-library -- Its results are used in this render only.
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 24,
  });
  const { isWrapped, hasTimes } = preferences;
  // Heights measured the other way no longer hold.
  useEffect(() => rows.measure(), [rows, isWrapped]);
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const sizePx = rows.getTotalSize();
  const isGrowing = step.state === 'running' && log.isLive;
  const { isFollowing, onScroll, follow } = useFollow(
    box,
    sizePx,
    isGrowing || step.state === 'failed',
  );
  usePageFollow(box, sizePx, isGrowing && isFollowing);
  useEffect(() => {
    void reader.want(step.key, first, last);
  }, [reader, step.key, first, last, total]);

  const failure = reader.failureOf(step.key);
  return (
    <div className="relative">
      {failure !== undefined && (
        <ErrorNotice
          error={errorView(failure)}
          onRetry={() => {
            reader.retry(step.key);
            void reader.want(step.key, first, last);
          }}
          className="m-2"
        />
      )}
      <div
        ref={box}
        onScroll={onScroll}
        role="region"
        aria-label={`Output of ${step.name}`}
        tabIndex={0}
        style={logLineStyle(lines.line(total - 1)?.n ?? total)}
        className={cn(
          'overflow-auto bg-log py-1.5 focus-visible:-outline-offset-2',
          isGrowing ? 'max-h-[min(24rem,55dvh)]' : 'max-h-[min(36rem,65dvh)]',
        )}
      >
        <div style={{ height: sizePx }} className="relative">
          <div
            style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
            className="absolute top-0 left-0 min-w-full"
          >
            {items.map(({ index }) => (
              <LogLine
                key={index}
                ref={rows.measureElement}
                index={index}
                line={lines.line(index)}
                since={hasTimes ? since : null}
                isWrapped={isWrapped}
              />
            ))}
          </div>
        </div>
      </div>
      {total <= COPY_LINES && (
        <div className="absolute top-1 right-3 rounded-md bg-log">
          <CopyButton
            label="the output of this step"
            text={async () => toPlainText(await reader.all(step.key))}
          />
        </div>
      )}
      {isGrowing && !isFollowing && (
        <div className="absolute inset-x-0 bottom-2 flex justify-center">
          <Button size="sm" icon={<ArrowDown aria-hidden />} onClick={follow}>
            Follow
          </Button>
        </div>
      )}
    </div>
  );
}
