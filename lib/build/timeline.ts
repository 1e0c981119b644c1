import { longestChain } from '@/lib/build/critical-path';
import { isMoving, type StepState } from '@/lib/build/state';
import type { BuildView, StepView } from '@/lib/build/views';

/** What a bar stands for: the wait for a worker, a step, the push, the reading back. */
export type BarKind = 'wait' | 'step' | 'push' | 'verify';

/** One bar; times are milliseconds from the timeline's start. */
export type TimelineBar = {
  kind: BarKind;
  name: string;
  stage: string;
  state: StepState;
  isCached: boolean;
  fromMs: number;
  toMs: number;
  /** It still goes on: `toMs` is now. */
  isGrowing: boolean;
  /** Place of the step among all of its attempt, from 1; `null` for what is no step. */
  position: number | null;
  /** Names of the steps it had to wait for. */
  inputs: string[];
  /** Whether the build could not have been faster without it. */
  isCritical: boolean;
};

export type Timeline = {
  /** Unix milliseconds. */
  startAt: number;
  lengthMs: number;
  /** In the order they are drawn: stage by stage, so that stages which ran at once stand as lanes one below the other. */
  bars: TimelineBar[];
  /** How long the longest chain of steps took. */
  chainMs: number;
  /** Steps that never began. */
  notReached: number;
};

type Build = Pick<
  BuildView,
  'createdAt' | 'finishedAt' | 'state' | 'attempt'
> & {
  attempts: readonly { attempt: number; claimedAt: string }[];
};

/**
 * Lays out where the time of a build's current attempt went, from the moment it was asked for. `now` is the end of what
 * still runs. Steps tell the worker's time and the rest the server's: where the two contradict each other, the steps
 * are moved as a whole.
 */
export function toTimeline(
  build: Build,
  steps: readonly StepView[],
  now: number,
): Timeline {
  const startAt = Date.parse(build.createdAt);
  const isOver = !isMoving(build.state);
  const claimedAt = build.attempts.find(
    ({ attempt }) => attempt === build.attempt,
  )?.claimedAt;
  const claimed = claimedAt === undefined ? null : Date.parse(claimedAt);
  const end = Math.max(
    build.finishedAt === null ? now : Date.parse(build.finishedAt),
    claimed ?? startAt,
    startAt + 1,
  );
  const begun = steps.filter(({ startedAt }) => startedAt !== null);
  const skew = skewOf(begun, claimed ?? startAt, end);
  const offset = (at: number) =>
    Math.min(Math.max(at - startAt, 0), end - startAt);
  const msOf = ({ startedAt, completedAt }: StepView) =>
    Math.max(
      0,
      timeOf(completedAt, end - skew) - timeOf(startedAt, end - skew),
    );
  const chain = longestChain(
    begun
      .filter((step) => !isPush(step.key) && !isExport(step))
      .map((step) => ({
        key: step.key,
        parents: step.parents,
        ms: msOf(step),
      })),
  );
  const exportMs = begun
    .filter(isExport)
    .reduce((total, step) => total + msOf(step), 0);
  const names = new Map(steps.map(({ key, name }) => [key, name]));
  const toBar = (step: StepView): TimelineBar => ({
    kind: isPush(step.key) ? 'push' : 'step',
    name: step.name,
    stage: step.stage,
    state: isOver && step.state === 'running' ? 'cancelled' : step.state,
    isCached: step.cached,
    fromMs: offset(timeOf(step.startedAt, end) + skew),
    toMs: Math.max(
      offset(timeOf(step.startedAt, end) + skew),
      offset(timeOf(step.completedAt, end - skew) + skew),
    ),
    isGrowing: !isOver && step.completedAt === null,
    position: steps.indexOf(step) + 1,
    inputs: step.parents.flatMap((key) => names.get(key) ?? []),
    isCritical: isPush(step.key) || isExport(step) || chain.keys.has(step.key),
  });
  const waited: TimelineBar = {
    ...OUTSIDE,
    kind: 'wait',
    name: build.attempt > 1 ? 'Before this attempt' : 'Waited for a worker',
    state: claimed === null && !isOver ? 'running' : 'done',
    fromMs: 0,
    toMs: offset(claimed ?? end),
    isGrowing: claimed === null && !isOver,
  };
  const bars = [waited, ...byLane(begun.map(toBar))];
  const pushed = bars.find(({ kind }) => kind === 'push');
  if (pushed && (build.state === 'verifying' || build.state === 'published'))
    bars.push({
      ...OUTSIDE,
      kind: 'verify',
      name: 'Read back from the registry',
      state: isOver ? 'done' : 'running',
      fromMs: pushed.toMs,
      toMs: end - startAt,
      isGrowing: !isOver,
    });
  return {
    startAt,
    lengthMs: end - startAt,
    bars,
    chainMs: chain.ms + exportMs,
    notReached: steps.length - begun.length,
  };
}

const OUTSIDE = {
  stage: '',
  isCached: false,
  position: null,
  inputs: [],
  isCritical: true,
};

const isPush = (key: string) => key === 'push';

/** What turns the last step's result into an image. BuildKit names no step it waits for, and every step comes before it. */
const isExport = ({ name, parents }: StepView) =>
  parents.length === 0 && name.startsWith('exporting to ');

function timeOf(at: string | null, otherwise: number): number {
  return at === null ? otherwise : Date.parse(at);
}

/** Milliseconds by which the worker's times have to be moved to lie within what the server saw. */
function skewOf(
  begun: readonly StepView[],
  claimed: number,
  end: number,
): number {
  if (begun.length === 0) return 0;
  const first = Math.min(...begun.map((step) => timeOf(step.startedAt, end)));
  const last = Math.max(
    ...begun.map((step) => timeOf(step.completedAt ?? step.startedAt, end)),
  );
  if (first < claimed) return claimed - first;
  return last > end ? Math.max(claimed - first, end - last) : 0;
}

/** Stage by stage in the order they began, each from its first step to its last; the push after all. */
function byLane(bars: readonly TimelineBar[]): TimelineBar[] {
  const begin = new Map<string, number>();
  for (const { stage, fromMs } of bars)
    begin.set(stage, Math.min(begin.get(stage) ?? Infinity, fromMs));
  // The last stage has no name: what the others bring comes together in it.
  const order = ({ kind, stage }: TimelineBar) =>
    kind === 'push' ? 2 : stage === '' ? 1 : 0;
  return bars.toSorted(
    (a, b) =>
      order(a) - order(b) ||
      (begin.get(a.stage) ?? 0) - (begin.get(b.stage) ?? 0) ||
      a.stage.localeCompare(b.stage) ||
      a.fromMs - b.fromMs ||
      (a.position ?? 0) - (b.position ?? 0),
  );
}

const TICKS_S = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200,
  14_400, 43_200, 86_400,
];

/** Round times to write below an axis of this length, in milliseconds from 0 on; at most `most`. */
export function ticksOf(lengthMs: number, most: number): number[] {
  const step =
    (TICKS_S.find((seconds) => lengthMs / (seconds * 1000) < most) ??
      Math.ceil(lengthMs / most / 86_400_000) * 86_400) * 1000;
  return Array.from(
    { length: Math.floor(lengthMs / step) + 1 },
    (_, index) => index * step,
  );
}
