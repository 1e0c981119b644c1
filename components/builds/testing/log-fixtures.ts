import type { LineView, StepView } from '@/lib/build/views';

/** Line `n` of a step. */
export function lineOf(n: number, step: string): LineView {
  return { n, at: n * 10, step, stream: 'stdout', text: `line ${n}` };
}

/** A step that is done, unless told otherwise. */
export function stepOf(values: Partial<StepView> & { key: string }): StepView {
  return {
    position: 0,
    parents: [],
    stage: '',
    name: `RUN ${values.key}`,
    state: 'done',
    cached: false,
    startedAt: null,
    completedAt: null,
    error: null,
    exitCode: null,
    lines: 0,
    clipped: null,
    ...values,
  };
}
