import {
  type BuildState,
  canMove,
  isMoving,
  isUnsuccessful,
} from '@/lib/build/state';

/** What the build passes while its parts go on, in order. */
const WAY = [
  'queued',
  'claimed',
  'building',
  'pushing',
  'verifying',
] as const satisfies readonly BuildState[];
type OnTheWay = (typeof WAY)[number];

/**
 * The states a build passes now, one after the other, given those of its parts: it is as far as the one furthest ahead,
 * but pushes only when each does, and is verified when every part is published. A part that ended without an image ends
 * it likewise; one being cancelled ends with its last part.
 */
export function followingStates(
  now: BuildState,
  parts: readonly { state: BuildState }[],
): BuildState[] {
  const states = parts.map(({ state }) => state);
  if (!isMoving(now) || states.length === 0) return [];
  const isPublished = states.every((state) => state === 'published');
  if (now === 'cancelling') {
    if (states.some(isMoving)) return [];
    return [isPublished ? 'verifying' : 'cancelled'];
  }
  const ended = endedPart(parts);
  if (ended) return wayToEnd(now, ended.state);
  const goal = isPublished ? 'verifying' : reached(states);
  const [from, to] = [WAY.findIndex((one) => one === now), WAY.indexOf(goal)];
  if (to > from) return WAY.slice(from + 1, to + 1);
  // A lost worker sent the only part that had begun back to the queue.
  return goal === 'queued' && canMove(now, goal) ? [goal] : [];
}

/** The part that a build ends without an image for: one that failed itself before one that was stopped. */
export function endedPart<T extends { state: BuildState }>(
  parts: readonly T[],
): T | undefined {
  const ended = parts.filter(({ state }) => isUnsuccessful(state));
  return ended.find(({ state }) => state !== 'cancelled') ?? ended[0];
}

function reached(parts: readonly BuildState[]): OnTheWay {
  const isAtLeast = (part: BuildState, state: OnTheWay) =>
    part === 'published' ||
    WAY.findIndex((one) => one === part) >= WAY.indexOf(state);
  if (parts.every((part) => isAtLeast(part, 'pushing'))) return 'pushing';
  if (parts.some((part) => isAtLeast(part, 'building'))) return 'building';
  return parts.some((part) => part !== 'queued') ? 'claimed' : 'queued';
}

/** Only a worker's builds time out or are lost, and only what runs is stopped: what waits is taken first. */
function wayToEnd(now: BuildState, end: BuildState): BuildState[] {
  if (canMove(now, end)) return [end];
  return end === 'cancelled' ? ['cancelling', end] : ['claimed', end];
}
