import { Zap } from 'lucide-react';
import { firstLine } from '@/components/builds/labels';
import { cn } from '@/components/ui/cn';
import { formatDuration } from '@/components/ui/format';
import { Tooltip } from '@/components/ui/tooltip';
import type { StepState } from '@/lib/build/state';
import type { TimelineBar } from '@/lib/build/timeline';

const INK: Record<StepState, string> = {
  queued: 'bg-line-strong',
  running: 'bg-run',
  done: 'bg-good',
  failed: 'bg-bad',
  cancelled: 'bg-ink-3',
};

/** One bar with its name and how long it took. A step's opens its log. */
export function TimelineRow({
  bar,
  lengthMs,
  hasStages,
  startsLane,
  link,
  onOpen,
}: {
  bar: TimelineBar;
  lengthMs: number;
  hasStages: boolean;
  startsLane: boolean;
  /** The bar it followed on the longest chain: how many rows away that stands, and when it ended. */
  link: { rows: number; fromMs: number } | null;
  onOpen: (position: number) => void;
}) {
  const { name, stage, position, isCached, isGrowing, fromMs, toMs } = bar;
  const took = formatDuration(toMs - fromMs, isGrowing ? 0 : undefined);
  const content = (
    <>
      <span className="flex min-w-0 items-center gap-2 sm:w-[38%] sm:shrink-0 sm:pr-3">
        {hasStages && stage !== '' && (
          <span className="z-[1] shrink-0 text-ink-3 max-sm:bg-panel">
            {stage}
          </span>
        )}
        <span
          className={cn(
            'z-[1] min-w-0 truncate max-sm:bg-panel sm:flex-1',
            position !== null && 'font-mono text-xs',
          )}
        >
          {firstLine(name)}
        </span>
        <span className="z-[1] ml-auto shrink-0 bg-panel text-ink-3 tabular-nums sm:hidden">
          {took}
        </span>
      </span>
      <span className="sr-only">
        {isCached && ', from the cache'}
        {bar.isCritical && ', on the longest chain'}
      </span>
      <Track bar={bar} lengthMs={lengthMs} link={link} />
      <span
        className={cn(
          'w-16 shrink-0 text-right tabular-nums max-sm:hidden',
          isCached && 'text-ink-3',
        )}
      >
        {took}
      </span>
    </>
  );
  const look =
    'flex h-(--row) w-full items-center px-3 text-left max-sm:flex-col max-sm:items-stretch max-sm:justify-center max-sm:gap-1 -outline-offset-2';
  return (
    <li className={cn(startsLane && 'border-t')}>
      <Tooltip text={<Told bar={bar} took={took} />}>
        {position === null ? (
          <div tabIndex={0} className={look}>
            {content}
          </div>
        ) : (
          <button
            type="button"
            onClick={() => onOpen(position)}
            className={cn(look, 'hover:bg-hover')}
          >
            {content}
          </button>
        )}
      </Tooltip>
    </li>
  );
}

function Track({
  bar: { kind, state, isCached, isCritical, isGrowing, fromMs, toMs },
  lengthMs,
  link,
}: Pick<Parameters<typeof TimelineRow>[0], 'bar' | 'lengthMs' | 'link'>) {
  const share = (ms: number) => `${(ms / lengthMs) * 100}%`;
  return (
    <span
      aria-hidden
      className="relative block h-4 flex-1 max-sm:h-3 max-sm:flex-none"
    >
      {link && (
        <>
          <span
            style={{
              left: share(link.fromMs),
              height: `calc(var(--row) * ${Math.abs(link.rows)})`,
            }}
            className={cn(
              'pointer-events-none absolute top-1/2 w-0.5 -translate-x-px bg-accent',
              link.rows < 0 && '-translate-y-full',
            )}
          />
          <span
            style={{
              left: share(link.fromMs),
              width: share(Math.max(0, fromMs - link.fromMs)),
            }}
            className="absolute top-1/2 h-0.5 -translate-y-px bg-accent"
          />
        </>
      )}
      <span
        style={{ left: share(fromMs), width: share(toMs - fromMs) }}
        className={cn(
          'absolute inset-y-0.5 min-w-[3px] rounded-sm',
          kind === 'wait' ? 'bg-line-strong' : INK[state],
          isCached && 'inset-y-1.5 opacity-60',
          isCritical && 'ring-2 ring-accent',
          isGrowing && 'animate-breathe',
        )}
      />
      {isCached && (
        <Zap
          style={{ left: share(toMs) }}
          className="absolute top-0.5 ml-1.5 size-3 text-ink-3 max-sm:top-0"
        />
      )}
    </span>
  );
}

/** All that is known of a bar, for the pointer and the keyboard. */
function Told({ bar, took }: { bar: TimelineBar; took: string }) {
  const { name, fromMs, toMs, isGrowing, isCached, isCritical, inputs } = bar;
  const facts = [
    `${formatDuration(fromMs)} to ${isGrowing ? 'now' : formatDuration(toMs)}, ${took}`,
    isCached ? 'from the cache' : null,
    isCritical ? 'on the longest chain' : null,
  ].filter((fact) => fact !== null);
  return (
    <div className="grid max-w-md gap-0.5">
      <span className="line-clamp-3 font-mono">{name}</span>
      <span className="tabular-nums">{facts.join(' · ')}</span>
      {inputs.length > 0 && (
        <span className="line-clamp-4 text-ink-2">
          After: {inputs.map(firstLine).join(' · ')}
        </span>
      )}
    </div>
  );
}
