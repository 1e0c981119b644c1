'use client';
import {
  type ReactNode,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { isOpenAtFirst } from '@/components/builds/labels';
import { LogHelp } from '@/components/builds/log-help';
import type { LogCommand } from '@/components/builds/log-keys';
import {
  nextTimes,
  useLogPreferences,
} from '@/components/builds/log-preferences';
import { LogSearchBox } from '@/components/builds/log-search-box';
import { LogMissing, LogSummaryChip } from '@/components/builds/log-summary';
import { LogToolbar } from '@/components/builds/log-toolbar';
import { SelectionBar } from '@/components/builds/selection-bar';
import { focusStep, StepList } from '@/components/builds/step-list';
import type { OpenLog } from '@/components/builds/use-build-log';
import { useLogKeys } from '@/components/builds/use-log-keys';
import { useLogPlace } from '@/components/builds/use-log-place';
import { useLogSearch } from '@/components/builds/use-log-search';
import { cn } from '@/components/ui/cn';
import type { RunView } from '@/lib/build/run-view';
import type { AttemptView, StepView } from '@/lib/build/views';
import { logUrl } from '@/lib/queries/builds';

/** The steps of one attempt with what they printed, to search and to link to. `status` stands beside how whole the log is. */
export function LogViewer({
  build,
  attempt,
  open,
  status,
}: {
  build: RunView;
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
  const [preferences, setPreferences] = useLogPreferences();
  const [isFull, setFull] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [commands] = useState(() => new EventTarget());
  const field = useRef<HTMLInputElement>(null);
  const place = useLogPlace(open, build.attempt);
  const search = useLogSearch(open, place.showHit);
  const { times, isWrapped } = preferences;
  const since = logStart(steps);
  const { words } = search;
  const { attempt: linked } = place;
  const look = useMemo(
    () => ({ times, isWrapped, since, words, attempt: linked }),
    [times, isWrapped, since, words, linked],
  );
  const isOpen = (step: StepView) =>
    step.state !== 'queued' &&
    (place.folds.get(step.key) ?? isOpenAtFirst(step, build));
  const hasOpen = steps.some(isOpen);
  const go = (by: 1 | -1) =>
    search.total ? search.step(by) : focusStep(steps, by);
  const obey: Record<LogCommand, () => void> = {
    search: () => {
      field.current?.focus();
      field.current?.select();
    },
    next: () => go(1),
    previous: () => go(-1),
    follow: () => void commands.dispatchEvent(new Event('follow')),
    times: () => setPreferences({ times: nextTimes(times) }),
    wrap: () => setPreferences({ isWrapped: !isWrapped }),
    fold: () => place.foldAll(steps, false),
    unfold: () => place.foldAll(steps, true),
    help: () => setHelpOpen(true),
    leave: () => (place.marks.selected ? place.select(null) : setFull(false)),
  };
  useLogKeys((command) => obey[command]());
  return (
    <section
      aria-label="Log"
      data-full={isFull || undefined}
      className={cn(
        isFull && 'fixed inset-0 z-40 overflow-auto bg-bg px-4 pb-4',
      )}
    >
      <div
        className={cn(
          'z-[5] -mx-1 mb-1 flex flex-wrap items-center gap-x-3 gap-y-2 bg-bg px-1 py-1.5',
          isFull ? 'sticky top-0' : 'md:sticky md:top-11',
        )}
      >
        <div className="flex min-h-7 flex-wrap items-center gap-2">
          <LogSummaryChip attempt={attempt} open={open} />
          {status}
        </div>
        <div className="ml-auto flex min-w-0 flex-wrap items-center gap-1 max-sm:w-full">
          <LogSearchBox
            ref={field}
            search={{
              ...search,
              clear: () => {
                search.clear();
                place.forgetHit();
              },
            }}
          />
          <LogToolbar
            hasOpen={hasOpen}
            isFull={isFull}
            preferences={preferences}
            downloadUrl={logUrl(build.id, attempt.attempt)}
            onPreferences={setPreferences}
            onFoldAll={() => place.foldAll(steps, !hasOpen)}
            onFull={() => setFull(!isFull)}
            onHelp={() => setHelpOpen(true)}
          />
        </div>
      </div>
      <LogMissing attempt={attempt} steps={steps} />
      <div onClick={place.onClick}>
        <StepList
          steps={steps}
          isOver={attempt.outcome !== null}
          isOpen={isOpen}
          onToggle={(step) => place.fold(step.key, !isOpen(step))}
          open={open}
          look={look}
          marks={place.marks}
          target={place.target}
          commands={commands}
        />
      </div>
      {place.marks.selected && (
        <SelectionBar
          open={open}
          attempt={place.attempt}
          selected={place.marks.selected}
          onLeave={() => place.select(null)}
        />
      )}
      <LogHelp isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
    </section>
  );
}

/** The instant the first step began, by the worker's clock, as lines are. */
function logStart(steps: readonly StepView[]): number {
  const starts = steps.flatMap(({ startedAt }) =>
    startedAt === null ? [] : [Date.parse(startedAt)],
  );
  return starts.length === 0 ? 0 : Math.min(...starts);
}
