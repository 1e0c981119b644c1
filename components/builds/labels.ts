import { fieldHref } from '@/components/specs/field-link';
import { fieldName } from '@/components/specs/field-names';
import { formatNumber } from '@/components/ui/format';
import type { Phase } from '@/lib/build/compare';
import { describeRemoval } from '@/lib/build/log-retention';
import { type BuildState, isMoving } from '@/lib/build/state';
import type { RunView } from '@/lib/build/run-view';
import type {
  AttemptView,
  BuildItemView,
  BuildView,
  StepView,
} from '@/lib/build/views';
import type { ErrorCode } from '@/lib/errors';

const TITLES: Record<BuildState, string> = {
  queued: '◷ % queued',
  claimed: '● % starting',
  building: '● % building',
  pushing: '● % pushing',
  verifying: '● % verifying',
  published: '✓ % published',
  cancelling: '◼ % cancelling',
  cancelled: '◼ % cancelled',
  failed: '✕ % failed',
  timed_out: '✕ % timed out',
  lost: '✕ % lost its worker',
};

/** What a build's tab is called: its state is the first thing that can be read of many. */
export function buildTitle(
  build: Pick<RunView, 'spec' | 'number' | 'state'> &
    Partial<Pick<BuildView, 'platform' | 'partOf'>>,
): string {
  const name = `${build.spec.name} #${build.number}`;
  return TITLES[build.state].replace('%', () =>
    build.partOf ? `${build.platform} of ${name}` : name,
  );
}

/** The step the build failed at: the one the failure names, or the first that failed. */
export function failedStep(
  build: Pick<BuildView, 'failure'>,
  steps: readonly StepView[],
): StepView | undefined {
  return (
    steps.find((step) => step.key === build.failure?.step) ??
    steps.find((step) => step.state === 'failed')
  );
}

const FAILED_VERBS: Partial<Record<BuildState, string>> = {
  failed: 'Failed',
  timed_out: 'Timed out',
};

/** A state in words, with the step a failure happened at; `undefined` where the state's own word says it all. */
export function stateDetail(
  build: Pick<BuildView, 'state' | 'failure'>,
  steps: readonly StepView[],
): string | undefined {
  const verb = FAILED_VERBS[build.state];
  const step = verb === undefined ? undefined : failedStep(build, steps);
  return step && `${verb} at step ${placeOf(step, steps)}`;
}

/** "6 of 11". */
export function placeOf(step: StepView, steps: readonly StepView[]): string {
  return `${steps.indexOf(step) + 1} of ${steps.length}`;
}

/** "5 of 11 steps", or `null` while there are none. */
export function cacheSummary(steps: readonly StepView[]): string | null {
  if (steps.length === 0) return null;
  const cached = steps.filter((step) => step.cached).length;
  return `${cached} of ${count(steps.length, 'step')}`;
}

const OUTCOMES: Record<Exclude<AttemptView['outcome'], null>, string> = {
  published: 'published',
  failed: 'failed',
  cancelled: 'cancelled',
  timed_out: 'timed out',
  lost: 'worker went away',
};

/** "Attempt 1: worker went away". */
export function attemptLabel({ attempt, outcome }: AttemptView): string {
  return `Attempt ${attempt}: ${outcome === null ? 'running' : OUTCOMES[outcome]}`;
}

export type LogSummary = {
  text: string;
  tone: 'idle' | 'good' | 'warn';
  /** Where output is missing and why, one sentence each. */
  missing: string[];
};

/**
 * How whole an attempt's log is. Only what the server calls complete is called so. `lineCount` is what has come of a
 * log that still grows.
 */
export function describeLog(
  attempt: AttemptView,
  steps: readonly StepView[],
  lineCount: number,
): LogSummary {
  const lines = (total: number) => count(total, 'line');
  switch (attempt.log) {
    case 'live':
      return {
        text: `Log so far · ${lines(Math.max(lineCount, attempt.lines))}`,
        tone: 'idle',
        missing: [],
      };
    case 'complete':
      return {
        text: `Complete log · ${lines(attempt.lines)}`,
        tone: 'good',
        missing: [],
      };
    case 'clipped':
      return {
        text: `Clipped log · ${lines(attempt.lines)}`,
        tone: 'warn',
        missing: steps
          .filter((step) => step.clipped !== null)
          .map(
            (step) =>
              `Step ${placeOf(step, steps)}, ${firstLine(step.name)}: ${step.clipped ?? ''}`,
          ),
      };
    case 'removed':
      return {
        text: `Log removed · it had ${lines(attempt.lines)}`,
        tone: 'idle',
        missing: attempt.removal ? [describeRemoval(attempt.removal)] : [],
      };
    case 'incomplete':
      return {
        text: `Incomplete log · ${lines(attempt.lines)}`,
        tone: 'warn',
        missing: [
          attempt.outcome === 'lost'
            ? 'The worker went away before it had sent everything.'
            : 'What is stored is not all that the worker says it sent.',
        ],
      };
  }
}

/** Milliseconds a build waited for a worker, and ran on one (`null` before). */
export function buildTimes(
  build: Pick<BuildItemView, 'createdAt' | 'startedAt' | 'finishedAt'>,
): {
  waited: { from: string; to: string | null };
  ran: { from: string; to: string | null } | null;
} {
  return {
    waited: { from: build.createdAt, to: build.startedAt ?? build.finishedAt },
    ran: build.startedAt
      ? { from: build.startedAt, to: build.finishedAt }
      : null,
  };
}

/** The first line of a command, for where there is room for one. */
export function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length < text.trimEnd().length ? `${line} …` : line;
}

/** "1st", "2nd", "11th". */
export function ordinal(n: number): string {
  const rest = n % 100;
  const isTeen = rest >= 11 && rest <= 13;
  return `${formatNumber(n)}${isTeen ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th')}`;
}

/** "1 line", "2,318 lines". */
export function count(n: number, noun: string): string {
  return `${formatNumber(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** Whether a step was stopped while it ran; the steps behind it never began. */
export function wasStopped({ state, startedAt }: StepView): boolean {
  return state === 'cancelled' && startedAt !== null;
}

/** Whether a step is unfolded when nobody has said otherwise: what runs, what went wrong and what was stopped. */
export function isOpenAtFirst(
  step: StepView,
  build: Pick<BuildView, 'state' | 'failure'>,
): boolean {
  if (step.state === 'failed' || step.key === build.failure?.step) return true;
  if (wasStopped(step)) return true;
  return step.state === 'running' && isMoving(build.state);
}

/** A reason as a sentence of its own. */
export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Where a failure is mended: in the spec, unless its code is about a registry or a worker. */
export function remedyOf(
  { spec, failureSource }: Pick<BuildView, 'spec' | 'failureSource'>,
  code: ErrorCode,
): { label: string; href: string } {
  switch (code) {
    case 'BUILD_BASE_DENIED':
    case 'BUILD_PUSH_DENIED':
    case 'BUILD_PUSH_FAILED':
    case 'BUILD_DIGEST_MISMATCH':
      return { label: 'Registries', href: '/registries' };
    case 'BUILD_SERVER_DENIED':
      return { label: 'Secrets', href: '/secrets' };
    case 'BUILD_CERTIFICATE_UNTRUSTED':
    case 'BUILD_TEST_ENGINE':
    case 'ENGINE_FAILED':
    case 'ENGINE_UNREACHABLE':
    case 'WORKER_LOST':
      return { label: 'Workers', href: '/workers' };
    default:
      return failureSource
        ? {
            label: `Correct ${fieldName(failureSource.field)}`,
            href: fieldHref(spec.id, failureSource),
          }
        : { label: 'Edit spec', href: `/specs/${spec.id}` };
  }
}

/** What a build did in each of its phases. */
export const PHASE_NAMES: Record<Phase, string> = {
  wait: 'Waited',
  step: 'Ran its steps',
  push: 'Pushed',
  verify: 'Read back',
};
