'use client';
import {
  Clock,
  Download,
  FoldVertical,
  UnfoldVertical,
  WrapText,
} from 'lucide-react';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { isOpenAtFirst } from '@/components/builds/labels';
import {
  type LogPreferences,
  useLogPreferences,
} from '@/components/builds/log-preferences';
import { LogMissing, LogSummaryChip } from '@/components/builds/log-summary';
import { StepRow } from '@/components/builds/step-row';
import type { OpenLog } from '@/components/builds/use-build-log';
import { Button, ButtonLink } from '@/components/ui/button';
import type { AttemptView, BuildView, StepView } from '@/lib/build/views';
import { logUrl } from '@/lib/queries/builds';

type Folds = ReadonlyMap<string, boolean>;
const AS_IT_COMES: Folds = new Map();

/** The steps of one attempt with what they printed. `status` stands beside how whole the log is. */
export function StepList({
  build,
  attempt,
  open,
  status,
}: {
  build: BuildView;
  attempt: AttemptView;
  open: OpenLog;
  status?: ReactNode;
}) {
  const { log } = open;
  const steps = useSyncExternalStore(
    log.subscribe,
    () => log.steps,
    () => log.steps,
  );
  const [folds, setFolds] = useState(AS_IT_COMES);
  const [preferences, setPreferences] = useLogPreferences();
  const isOver = attempt.outcome !== null;
  const isOpen = (step: StepView) =>
    step.state !== 'queued' &&
    (folds.get(step.key) ?? isOpenAtFirst(step, build));
  const hasOpen = steps.some(isOpen);
  const setAll = (value: boolean) =>
    setFolds(new Map(steps.map((step) => [step.key, value])));
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="flex min-h-7 flex-wrap items-center gap-2">
          <LogSummaryChip attempt={attempt} open={open} />
          {status}
        </div>
        <div className="ml-auto flex flex-wrap items-center gap-1">
          <Button
            variant="ghost"
            icon={
              hasOpen ? (
                <FoldVertical aria-hidden />
              ) : (
                <UnfoldVertical aria-hidden />
              )
            }
            onClick={() => setAll(!hasOpen)}
          >
            <span className="max-sm:sr-only">
              {hasOpen ? 'Fold all' : 'Unfold all'}
            </span>
          </Button>
          <LookButtons preferences={preferences} onChange={setPreferences} />
          <ButtonLink
            href={logUrl(build.id, attempt.attempt)}
            download
            prefetch={false}
            variant="ghost"
            icon={<Download aria-hidden />}
          >
            <span className="max-sm:sr-only">Download</span>
          </ButtonLink>
        </div>
      </div>
      <LogMissing attempt={attempt} steps={steps} />
      {steps.length === 0 ? (
        <p className="rounded-lg border bg-panel px-3 py-4 text-center text-ink-3">
          {isOver
            ? 'It ended before its first step.'
            : 'The worker prepares the build; steps come with the first it takes.'}
        </p>
      ) : (
        <ol
          aria-label="Steps"
          className="overflow-hidden rounded-lg border bg-panel"
        >
          {steps.map((step) => (
            <StepRow
              key={step.key}
              step={step}
              hasStages={steps.some(({ stage }) => stage !== '')}
              isOpen={isOpen(step)}
              isOver={isOver}
              onToggle={() =>
                setFolds(new Map(folds).set(step.key, !isOpen(step)))
              }
              open={open}
              since={logStart(steps)}
              preferences={preferences}
            />
          ))}
        </ol>
      )}
    </>
  );
}

function LookButtons({
  preferences,
  onChange,
}: {
  preferences: LogPreferences;
  onChange: (change: Partial<LogPreferences>) => void;
}) {
  const { hasTimes, isWrapped } = preferences;
  return (
    <>
      <Button
        variant="ghost"
        aria-pressed={hasTimes}
        className="aria-pressed:bg-active aria-pressed:text-ink max-sm:hidden"
        title="Show when each line was printed, from the first step on"
        icon={<Clock aria-hidden />}
        onClick={() => onChange({ hasTimes: !hasTimes })}
      >
        Times
      </Button>
      <Button
        variant="ghost"
        aria-pressed={isWrapped}
        className="aria-pressed:bg-active aria-pressed:text-ink"
        title="Break long lines"
        icon={<WrapText aria-hidden />}
        onClick={() => onChange({ isWrapped: !isWrapped })}
      >
        <span className="max-sm:sr-only">Wrap</span>
      </Button>
    </>
  );
}

/** The instant the first step began, by the worker's clock, as lines are. */
function logStart(steps: readonly StepView[]): number {
  const starts = steps.flatMap(({ startedAt }) =>
    startedAt === null ? [] : [Date.parse(startedAt)],
  );
  return starts.length === 0 ? 0 : Math.min(...starts);
}
