'use client';
import { ChevronRight, TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import { firstLine, wasStopped } from '@/components/builds/labels';
import { StepLog, type StepLogProps } from '@/components/builds/step-log';
import { StepProgressBar } from '@/components/builds/step-progress';
import { useLogVersion } from '@/components/builds/use-build-log';
import { Chip } from '@/components/ui/chip';
import { cn } from '@/components/ui/cn';
import { formatDuration } from '@/components/ui/format';
import { StepMark } from '@/components/ui/status-chip';
import { Elapsed } from '@/components/ui/time';
import type { StepView } from '@/lib/build/views';

/** The element of a step, for links to it. */
export function stepElementId(key: string): string {
  return `step-${key}`;
}

/** One step: a row that unfolds into what it printed. `isOver`: nothing of this attempt can happen any more. */
export function StepRow({
  step: stored,
  hasStages,
  isOpen,
  isOver,
  onToggle,
  ...log
}: {
  step: StepView;
  hasStages: boolean;
  isOpen: boolean;
  isOver: boolean;
  onToggle: () => void;
} & Omit<StepLogProps, 'step'>) {
  const panelId = useId();
  // What ran when its worker went away runs no more.
  const wasLeft = isOver && stored.state === 'running';
  const step: StepView = wasLeft ? { ...stored, state: 'cancelled' } : stored;
  const isQueued = step.state === 'queued';
  const isBad = step.state === 'failed';
  return (
    <li
      id={stepElementId(step.key)}
      className="scroll-mt-14 border-t first:border-t-0"
    >
      <button
        type="button"
        aria-expanded={isQueued ? undefined : isOpen}
        aria-controls={isOpen ? panelId : undefined}
        disabled={isQueued}
        onClick={onToggle}
        className={cn(
          'flex min-h-9 w-full items-center gap-2 px-3 py-1.5 text-left -outline-offset-2 select-text max-sm:flex-wrap',
          isBad
            ? 'bg-bad-soft shadow-[inset_3px_0_0_var(--color-bad)]'
            : !isQueued && 'hover:bg-hover',
          isQueued && 'text-ink-3',
        )}
      >
        <ChevronRight
          aria-hidden
          className={cn(
            'size-3.5 shrink-0 text-ink-3 transition-transform',
            isOpen && 'rotate-90',
            isQueued && 'invisible',
          )}
        />
        <StepMark state={step.state} className="shrink-0" />
        {hasStages && (
          <span
            title={step.stage}
            className="w-16 shrink-0 truncate text-ink-3 max-sm:hidden"
          >
            {step.stage}
          </span>
        )}
        <span
          title={step.name}
          className={cn(
            'min-w-0 flex-1 font-mono text-xs',
            isOpen
              ? 'max-h-40 overflow-auto break-words whitespace-pre-wrap'
              : 'truncate',
          )}
        >
          {isOpen ? step.name : firstLine(step.name)}
        </span>
        <StepFacts step={step} isOver={isOver} />
      </button>
      {isOpen && !isQueued && (
        <div id={panelId} className="border-t">
          <StepOutput step={step} {...log} />
        </div>
      )}
    </li>
  );
}

function StepFacts({ step, isOver }: { step: StepView; isOver: boolean }) {
  const { startedAt, completedAt, state } = step;
  const took =
    startedAt && completedAt
      ? Date.parse(completedAt) - Date.parse(startedAt)
      : null;
  return (
    <>
      {step.clipped !== null && (
        <Chip
          tone="warn"
          icon={<TriangleAlert aria-hidden />}
          title={step.clipped}
        >
          clipped
        </Chip>
      )}
      {step.cached && <Chip>cached</Chip>}
      {state === 'failed' && step.exitCode !== null && (
        <Chip tone="bad">exit {step.exitCode}</Chip>
      )}
      {state === 'queued' && <Chip>{isOver ? 'not reached' : 'waiting'}</Chip>}
      {state === 'cancelled' && (
        <Chip>{wasStopped(step) ? 'stopped' : 'not reached'}</Chip>
      )}
      <span
        className={cn(
          'w-16 shrink-0 text-right whitespace-nowrap tabular-nums',
          step.cached && 'text-ink-3',
        )}
      >
        {took !== null && formatDuration(took)}
        {state === 'running' && startedAt && <Elapsed from={startedAt} />}
      </span>
    </>
  );
}

function StepOutput({ step, ...rest }: StepLogProps) {
  const { log } = rest.open;
  useLogVersion(log);
  const hasLines = log.countOf(step.key) > 0;
  const isRunning = step.state === 'running';
  return (
    <>
      {hasLines && <StepLog step={step} {...rest} />}
      {!hasLines && step.error === null && (
        <p className="bg-log px-3 py-2 text-xs text-ink-3">
          {silence(step, isRunning, log.isLive)}
        </p>
      )}
      {isRunning && <StepProgressBar progress={log.progressOf(step.key)} />}
      {step.clipped !== null && (
        <p className="flex gap-2 border-t bg-warn-soft px-3 py-1.5 text-xs">
          <TriangleAlert
            aria-hidden
            className="mt-0.5 size-3.5 shrink-0 text-warn"
          />
          <span>
            <b className="font-semibold text-warn">
              Some of its output is missing.
            </b>{' '}
            {step.clipped}
          </span>
        </p>
      )}
      {step.error !== null && (
        <pre className="max-h-40 overflow-auto border-t bg-log px-3 py-1.5 text-xs break-words whitespace-pre-wrap text-bad">
          {step.error}
        </pre>
      )}
    </>
  );
}

function silence(step: StepView, isRunning: boolean, isLive: boolean): string {
  if (step.lines > 0) return isLive ? 'Reading what it printed so far…' : '';
  if (isRunning) return 'It has printed nothing so far.';
  if (step.removedLines) return 'What it printed was removed.';
  if (step.cached) return 'Taken from the cache: it did not run again.';
  return 'It printed nothing.';
}
