import { asSentence, firstLine } from '@/components/builds/labels';
import type { Tone } from '@/components/ui/chip';
import {
  type CacheBreak,
  hasRun,
  type InputChange,
  type StepPair,
} from '@/lib/build/compare-steps';

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
