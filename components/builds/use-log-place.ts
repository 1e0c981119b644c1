'use client';
import { type MouseEvent, useState } from 'react';
import type { LogAnchor } from '@/components/builds/log-anchor';
import type { LogMarks } from '@/components/builds/log-block';
import { stepElementId } from '@/components/builds/step-row';
import { setAnchor, useAnchor } from '@/components/builds/use-anchor';
import type { OpenLog } from '@/components/builds/use-build-log';
import type { Target } from '@/components/builds/use-reveal';
import { showFailure } from '@/components/ui/toast';
import type { LinePlace, StepView } from '@/lib/build/views';
import { locateLine } from '@/lib/queries/builds';

type Folds = ReadonlyMap<string, boolean>;
const AS_IT_COMES: Folds = new Map();

/** Where the reader of a log is: which steps are open, which line is to be seen, which lines are selected. */
export function useLogPlace({ buildId, log }: OpenLog, currentAttempt: number) {
  const [folds, setFolds] = useState(AS_IT_COMES);
  const [target, setTarget] = useState<Target>();
  const [marks, setMarks] = useState<LogMarks>({ hit: null, selected: null });
  /** The attempt as links name it: the one that counts needs no name while it is the only one. */
  const attempt =
    currentAttempt > 1 || log.attempt !== currentAttempt ? log.attempt : null;

  const fold = (step: string, isOpen: boolean) =>
    setFolds((before) => new Map(before).set(step, isOpen));
  const reveal = ({ step, place }: LinePlace) => {
    fold(step, true);
    setTarget({ step, index: place - 1 });
  };
  const showStep = (step: StepView) => {
    fold(step.key, true);
    requestAnimationFrame(() => {
      const element = document.getElementById(stepElementId(step.key));
      element?.scrollIntoView({ block: 'start' });
      element?.querySelector('button')?.focus({ preventScroll: true });
    });
  };
  useAnchor((anchor: LogAnchor) => {
    if ((anchor.attempt ?? currentAttempt) !== log.attempt) return;
    if ('step' in anchor) {
      const step = log.steps[anchor.step - 1];
      if (step) showStep(step);
      return;
    }
    const { first, last } = anchor;
    setMarks({ hit: null, selected: { first, last } });
    locateLine(buildId, log.attempt, first).then(reveal, showFailure);
  });

  const select = (selected: LogMarks['selected']) => {
    setMarks((before) => ({ ...before, selected }));
    setAnchor(selected && { attempt, ...selected });
  };
  /** A click on a line's number selects it, with Shift all up to it. */
  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || !(event.target instanceof Element))
      return;
    const line = event.target
      .closest('a[data-gutter]')
      ?.closest<HTMLElement>('[data-line]');
    if (!line) return;
    event.preventDefault();
    const n = Number(line.dataset.line);
    const from = event.shiftKey ? (marks.selected?.first ?? n) : n;
    select({ first: Math.min(from, n), last: Math.max(from, n) });
  };
  return {
    attempt,
    folds,
    target,
    marks,
    fold: (step: string, isOpen: boolean) => {
      setTarget(undefined);
      fold(step, isOpen);
    },
    foldAll: (steps: readonly StepView[], isOpen: boolean) => {
      setTarget(undefined);
      setFolds(new Map(steps.map((step) => [step.key, isOpen])));
    },
    showHit: (hit: LinePlace) => {
      setMarks((before) => ({ ...before, hit: hit.n }));
      reveal(hit);
    },
    forgetHit: () => setMarks((before) => ({ ...before, hit: null })),
    select,
    onClick,
  };
}
