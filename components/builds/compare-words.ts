import { asSentence, count, firstLine } from '@/components/builds/labels';
import type { Tone } from '@/components/ui/chip';
import {
  areBothThere,
  type CacheBreak,
  hasRun,
  type InputChange,
  type StepPair,
} from '@/lib/build/compare-steps';
import { isMoving, isUnsuccessful } from '@/lib/build/state';
import type { BuildView } from '@/lib/build/views';

const INPUTS: Record<InputChange, string> = {
  added: 'which is new',
  removed: 'which it no longer has before it',
  text: 'which says something else now',
  ran: 'which ran, and may have given something else',
};

/** Why a step ran that came from the cache before, in one sentence. */
export function breakReason(
  { pair, reason }: CacheBreak,
  isWithoutCache: boolean,
): string {
  if (isWithoutCache) return 'This build was asked to use no cache.';
  if (reason.kind === 'input')
    return asSentence(
      `It builds on ${firstLine(reason.name)}, ${INPUTS[reason.change]}`,
    );
  const name = pair.after?.name ?? '';
  if (reason.kind === 'text')
    return name.startsWith('FROM ')
      ? 'The base image is another one.'
      : 'Its text is another one.';
  return /^(COPY|ADD) /.test(name)
    ? 'Its text is the same and so is what it builds on: the files it copies differ, or the cache no longer had it.'
    : 'Its text is the same and so is what it builds on: the cache no longer had it, or this worker never did.';
}

/** How a step differs, in a word or two; `null` where it does not. */
export function pairWords(pair: StepPair): { text: string; tone: Tone } | null {
  if (!pair.before) return { text: 'added', tone: 'good' };
  if (!pair.after) return { text: 'removed', tone: 'bad' };
  if (pair.isOtherText)
    return {
      text: pair.after.name.startsWith('FROM ') ? 'other image' : 'other text',
      tone: 'warn',
    };
  if (pair.isNewlyCached) return { text: 'newly cached', tone: 'accent' };
  if (pair.before.cached && hasRun(pair.after))
    return { text: 'ran again', tone: 'run' };
  return null;
}

/** How many steps differ. */
export function stepsInWords(pairs: readonly StepPair[]): string {
  if (pairs.length === 0) return 'neither build came to any';
  if (!areBothThere(pairs)) return 'only one build came to any';
  const differing = pairs.filter((pair) => pairWords(pair) !== null).length;
  if (differing === 0) return 'none differs';
  return `${count(differing, 'step')} of ${pairs.length} ${differing === 1 ? 'differs' : 'differ'}`;
}

/** Why a build has no steps that could be compared. */
export function whyNoSteps({
  ask,
  state,
  attempt,
}: Pick<BuildView, 'ask' | 'state' | 'attempt'>): string {
  if (ask.reused)
    return 'its image was in the registry already, so nothing ran.';
  if (state === 'queued') return 'it waits for a worker.';
  if (isMoving(state)) return 'it has not come to a step yet.';
  if (attempt === 0) return 'it ended before a worker took it.';
  return isUnsuccessful(state)
    ? 'it ended before its first step.'
    : 'its engine told of no steps.';
}
