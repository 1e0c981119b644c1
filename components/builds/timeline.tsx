'use client';
import { Zap } from 'lucide-react';
import { count } from '@/components/builds/labels';
import { TimelineRow } from '@/components/builds/timeline-row';
import { goToAnchor } from '@/components/builds/use-anchor';
import { useNow } from '@/components/ui/clock';
import { formatDuration } from '@/components/ui/format';
import { isMoving } from '@/lib/build/state';
import { ticksOf, toTimeline } from '@/lib/build/timeline';
import type { RunView } from '@/lib/build/run-view';
import type { StepView } from '@/lib/build/views';

const TICKS = 5;

/** Where the time of a build went: what ran when, what ran beside it, and what the end had to wait for. */
export function BuildTimeline({
  build,
  steps,
}: {
  build: RunView;
  steps: readonly StepView[];
}) {
  const now = useNow(1_000);
  const timeline = toTimeline(build, steps, now);
  const { bars, lengthMs, chainMs, notReached } = timeline;
  const hasStages = bars.some(({ stage }) => stage !== '');
  const critical = bars.filter(({ isCritical }) => isCritical);
  const inTime = critical.toSorted((a, b) => a.fromMs - b.fromMs);
  return (
    <section aria-label="Timeline">
      <p className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-2">
        <span>
          {formatDuration(lengthMs)}{' '}
          {isMoving(build.state) ? 'so far' : 'in all'}
        </span>
        {chainMs > 0 && (
          <span className="inline-flex items-center gap-1.5">
            <span aria-hidden className="h-0.5 w-4 bg-accent" />
            {formatDuration(chainMs)} on the longest chain of steps
          </span>
        )}
        <span className="inline-flex items-center gap-1">
          <Zap aria-hidden className="size-3.5 text-ink-3" />
          from the cache
        </span>
        {notReached > 0 && (
          <span>
            {count(notReached, 'step')}{' '}
            {isMoving(build.state) ? 'to come' : 'not reached'}
          </span>
        )}
      </p>
      <div className="relative rounded-lg border bg-panel [--row:2.75rem] sm:[--row:1.75rem]">
        <Axis lengthMs={lengthMs} />
        <ol aria-label="What ran when">
          {bars.map((bar, row) => {
            const before = inTime[inTime.indexOf(bar) - 1];
            return (
              <TimelineRow
                key={`${bar.kind} ${bar.position ?? ''}`}
                bar={bar}
                lengthMs={lengthMs}
                hasStages={hasStages}
                startsLane={row > 0 && bars[row - 1]?.stage !== bar.stage}
                link={
                  bar.isCritical && before
                    ? { rows: bars.indexOf(before) - row, fromMs: before.toMs }
                    : null
                }
                onOpen={(step) => goToAnchor({ attempt: null, step })}
              />
            );
          })}
        </ol>
      </div>
    </section>
  );
}

/** Round times over the bars. */
function Axis({ lengthMs }: { lengthMs: number }) {
  return (
    <div className="flex h-6 items-center border-b px-3 text-2xs text-ink-3 tabular-nums">
      <span className="w-[38%] shrink-0 max-sm:hidden">
        Since it was asked for
      </span>
      <div aria-hidden className="relative h-full flex-1">
        {ticksOf(lengthMs, TICKS)
          .filter((at) => at / lengthMs < 0.95)
          .map((at) => (
            <span
              key={at}
              style={{ left: `${(at / lengthMs) * 100}%` }}
              className="absolute top-1 border-l pl-1 leading-4 whitespace-nowrap"
            >
              {tickLabel(at)}
            </span>
          ))}
      </div>
      <span className="w-16 shrink-0 max-sm:hidden" />
    </div>
  );
}

/** A round time without what is none of: "5 m", not "5 m 0 s". */
function tickLabel(at: number): string {
  if (at === 0) return '0';
  return formatDuration(at, at < 1000 ? 1 : 0).replace(/ 0 [smh]$/, '');
}
