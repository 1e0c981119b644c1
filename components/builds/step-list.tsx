'use client';
import { StepRow, stepElementId } from '@/components/builds/step-row';
import type { StepLogProps } from '@/components/builds/step-log';
import type { StepView } from '@/lib/build/views';

/** The steps of an attempt, each unfolding into what it printed. `isOver`: nothing of it can happen any more. */
export function StepList({
  steps,
  isOver,
  isOpen,
  onToggle,
  target,
  ...rest
}: Omit<StepLogProps, 'step'> & {
  steps: readonly StepView[];
  isOver: boolean;
  isOpen: (step: StepView) => boolean;
  onToggle: (step: StepView) => void;
}) {
  if (steps.length === 0)
    return (
      <p className="rounded-lg border bg-panel px-3 py-4 text-center text-ink-3">
        {isOver
          ? 'It ended before its first step.'
          : 'The worker prepares the build; steps come with the first it takes.'}
      </p>
    );
  const hasStages = steps.some(({ stage }) => stage !== '');
  return (
    <ol
      aria-label="Steps"
      className="overflow-hidden rounded-lg border bg-panel"
    >
      {steps.map((step) => (
        <StepRow
          key={step.key}
          step={step}
          hasStages={hasStages}
          isOpen={isOpen(step)}
          isOver={isOver}
          onToggle={() => onToggle(step)}
          target={target?.step === step.key ? target : undefined}
          {...rest}
        />
      ))}
    </ol>
  );
}

/** Moves the focus to the next step (1) or the one before (-1), from the one that has it. */
export function focusStep(steps: readonly StepView[], by: 1 | -1): void {
  const rows = steps.map(({ key }) =>
    document.getElementById(stepElementId(key)),
  );
  const at = rows.findIndex((row) => row?.contains(document.activeElement));
  const next = at < 0 ? (by === 1 ? 0 : rows.length - 1) : at + by;
  const row = rows[next];
  row?.scrollIntoView({ block: 'nearest' });
  row
    ?.querySelector<HTMLElement>('button:not(:disabled)')
    ?.focus({ preventScroll: true });
}
