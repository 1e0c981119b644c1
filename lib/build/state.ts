/** Every state of a build, in the order a successful one passes them, then the ways it can end otherwise. */
export const BUILD_STATES = [
  'queued',
  'claimed',
  'building',
  'pushing',
  'verifying',
  'published',
  'cancelling',
  'cancelled',
  'failed',
  'timed_out',
  'lost',
] as const;
export type BuildState = (typeof BUILD_STATES)[number];

/** How one attempt ended; `null` in the database while it runs. */
export const ATTEMPT_OUTCOMES = [
  'published',
  'failed',
  'cancelled',
  'timed_out',
  'lost',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** What a step of a build can be; `cancelled` also marks the siblings of a failed step. */
export const STEP_STATES = [
  'queued',
  'running',
  'done',
  'failed',
  'cancelled',
] as const;
export type StepState = (typeof STEP_STATES)[number];

/** Why a build exists. */
export const BUILD_CAUSES = ['manual', 'rebuild', 'retry', 'base'] as const;
export type BuildCause = (typeof BUILD_CAUSES)[number];

/** Who read the pushed digest back from the registry. */
export const VERIFIERS = ['server', 'worker'] as const;
export type Verifier = (typeof VERIFIERS)[number];

const MOVES: Record<BuildState, readonly BuildState[]> = {
  // A base image that could not be built fails what waits for it; an image that is there already needs no worker.
  queued: ['claimed', 'published', 'cancelled', 'failed'],
  // A lost attempt sends its build back to `queued` once, as long as no push had begun.
  claimed: ['building', 'queued', 'cancelling', 'failed', 'timed_out', 'lost'],
  building: ['pushing', 'queued', 'cancelling', 'failed', 'timed_out', 'lost'],
  pushing: ['verifying', 'cancelling', 'failed', 'timed_out', 'lost'],
  // The digest is in the registry: a cancel comes too late, so `verifying` only ends truthfully.
  verifying: ['published', 'failed'],
  cancelling: ['cancelled', 'verifying', 'failed', 'timed_out'],
  published: [],
  cancelled: [],
  failed: [],
  timed_out: [],
  lost: [],
};

/** Whether a build may go from one state to another. Final states never change. */
export function canMove(from: BuildState, to: BuildState): boolean {
  return MOVES[from].includes(to);
}

/** Whether the state can still change. */
export function isMoving(state: BuildState): boolean {
  return MOVES[state].length > 0;
}

/** Whether somebody who asks for the same may have this build: it moves, and nobody stops it. */
export function isOnItsWay(state: BuildState): boolean {
  return isMoving(state) && state !== 'cancelling';
}

/** Whether a build ended without an image. */
export function isUnsuccessful(state: BuildState): boolean {
  return !isMoving(state) && state !== 'published';
}

/** Whether a cancel still has something to stop. */
export function canCancel(state: BuildState): boolean {
  return (
    MOVES[state].includes('cancelling') || MOVES[state].includes('cancelled')
  );
}

/** Whether a worker holds the build in this state, so that its lease counts. */
export function isLeased(state: BuildState): boolean {
  return (
    state === 'claimed' ||
    state === 'building' ||
    state === 'pushing' ||
    state === 'cancelling'
  );
}

/** The states in which a worker holds a build. */
export const LEASED_STATES = BUILD_STATES.filter(isLeased);
