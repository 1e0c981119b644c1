'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { wasStopped } from '@/components/builds/labels';
import { LogBlock, type LogMarks } from '@/components/builds/log-block';
import { type LineLook, logLineStyle } from '@/components/builds/log-line';
import { PartPager } from '@/components/builds/part-pager';
import {
  BLOCK_LINES,
  linesInBlock,
  PART_LINES,
  partOf,
} from '@/components/builds/step-parts';
import { StepCopy } from '@/components/builds/step-copy';
import { type OpenLog, useLogVersion } from '@/components/builds/use-build-log';
import { useFollow } from '@/components/builds/use-follow';
import { usePageFollow } from '@/components/builds/use-page-follow';
import { type Target, useReveal } from '@/components/builds/use-reveal';
import { cn } from '@/components/ui/cn';
import { Button } from '@/components/ui/button';
import { ErrorNotice } from '@/components/ui/error-notice';
import type { StepView } from '@/lib/build/views';
import { errorView } from '@/lib/queries/fetch-json';

const LINE_PX = 18;
/** A scroll that rests for so long asks for the lines in sight: dragging through a long log asks for none between. */
const REST_MS = 60;

/** What a step's output needs of the viewer around it. */
export type StepLogProps = {
  open: OpenLog;
  step: StepView;
  look: LineLook;
  marks: LogMarks;
  /** The line to bring into sight, when it is one of this step. */
  target: Target | undefined;
  /** Tells `follow`: start or stop following. */
  commands: EventTarget;
};

/** What one step printed, drawn as far as it is in sight. It follows a running step and starts at the end of a failed one. */
export function StepLog({
  open,
  step,
  look,
  marks,
  target,
  commands,
}: StepLogProps) {
  const { log, reader } = open;
  const version = useLogVersion(log);
  const box = useRef<HTMLDivElement>(null);
  const lines = log.linesOf(step.key);
  const total = log.countOf(step.key);
  const isGrowing = step.state === 'running' && log.isLive;
  const startsAtEnd = isGrowing || step.state === 'failed' || wasStopped(step);
  // Of a step that is followed the last part is shown, whichever that has become.
  const [chosen, setChosen] = useState(startsAtEnd ? Infinity : 0);
  const [shownTarget, setShownTarget] = useState<Target>();
  if (target !== shownTarget) {
    setShownTarget(target);
    if (target) setChosen(Math.floor(target.index / PART_LINES));
  }
  const { part, parts, first, count } = partOf(total, chosen);
  // eslint-disable-next-line react-hooks/incompatible-library -- Its results are used in this render only.
  const blocks = useVirtualizer({
    count: Math.ceil(count / BLOCK_LINES),
    getScrollElement: () => box.current,
    estimateSize: (block) => linesInBlock(block, count) * LINE_PX,
    overscan: 1,
  });
  // Heights measured another way no longer hold.
  useEffect(() => blocks.measure(), [blocks, look, part]);
  const items = blocks.getVirtualItems();
  const from = first + (items[0]?.index ?? 0) * BLOCK_LINES;
  const to = Math.min(
    first + ((items.at(-1)?.index ?? 0) + 1) * BLOCK_LINES,
    total,
  );
  const sizePx = blocks.getTotalSize();
  const { isFollowing, setFollowing, onScroll } = useFollow(
    box,
    sizePx,
    startsAtEnd && !target,
  );
  usePageFollow(box, sizePx, isGrowing && isFollowing);
  useEffect(() => {
    const toggle = () => setFollowing((before) => !before);
    if (!isGrowing) return;
    commands.addEventListener('follow', toggle);
    return () => commands.removeEventListener('follow', toggle);
  }, [commands, isGrowing, setFollowing]);
  useEffect(() => {
    const timer = setTimeout(
      () => void reader.want(step.key, from, to - 1),
      REST_MS,
    );
    return () => clearTimeout(timer);
  }, [reader, step.key, from, to]);
  const isHere = target !== undefined && lines.line(target.index) !== undefined;
  useReveal(box, target, isHere, (index) => {
    setFollowing(false);
    blocks.scrollToOffset(
      Math.max(
        0,
        (index - first) * LINE_PX - (box.current?.clientHeight ?? 0) / 2,
      ),
    );
  });

  const failure = reader.failureOf(step.key);
  return (
    <>
      {failure !== undefined && (
        <ErrorNotice
          error={errorView(failure)}
          onRetry={() => {
            reader.retry(step.key);
            void reader.want(step.key, from, to - 1);
          }}
          className="m-2"
        />
      )}
      <PartPager
        {...{ part, parts, first, count, total }}
        onChange={(next) => {
          setFollowing(false);
          setChosen(next);
          box.current?.scrollTo({ top: 0 });
        }}
      />
      <div className="relative">
        <div
          ref={box}
          onScroll={onScroll}
          role="region"
          aria-label={`Output of ${step.name}`}
          tabIndex={0}
          style={logLineStyle(
            Math.max(lines.line(total - 1)?.n ?? 0, log.lineCount, total),
          )}
          className={cn(
            'overflow-auto bg-log py-1.5 focus-visible:-outline-offset-2',
            isGrowing
              ? 'max-h-[min(24rem,55dvh)]'
              : 'max-h-[min(36rem,65dvh)] in-data-full:max-h-[80dvh]',
          )}
        >
          <div style={{ height: sizePx }} className="relative">
            <div
              style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
              className="absolute top-0 left-0 min-w-full"
            >
              {items.map(({ index }) => (
                <LogBlock
                  key={index}
                  ref={blocks.measureElement}
                  block={index}
                  first={first + index * BLOCK_LINES}
                  count={linesInBlock(index, count)}
                  version={version}
                  lines={lines}
                  look={look}
                  marks={marks}
                />
              ))}
            </div>
          </div>
        </div>
        <StepCopy open={open} step={step} total={total} />
        {isGrowing && !isFollowing && (
          <div className="absolute inset-x-0 bottom-2 flex justify-center">
            <Button
              size="sm"
              icon={<ArrowDown aria-hidden />}
              onClick={() => {
                setChosen(Infinity);
                setFollowing(true);
              }}
            >
              Follow
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
