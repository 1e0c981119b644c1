import type { StepView } from '@/lib/build/views';

/** A step of one build beside the same step of another. */
export type StepPair = {
  before: StepView | null;
  after: StepView | null;
  /** Whether both are there and say something else. */
  isOtherText: boolean;
  /** It ran before and came from the cache after. */
  isNewlyCached: boolean;
};

/** How an input differs: it is new, was taken out, says something else, or ran and may have given something else. */
export type InputChange = 'added' | 'removed' | 'text' | 'ran';

/** The first step that ran where the build before had it from the cache, and why as far as the two builds tell. */
export type CacheBreak = {
  pair: StepPair;
  /** Its place among the steps after, from 1. */
  place: number;
  reason:
    | { kind: 'text' | 'unknown' }
    | { kind: 'input'; change: InputChange; name: string };
};

const PUSH = 'push';
const idOf = ({ stage, name }: StepView) =>
  `${stage}\n${name.replace(/@sha256:[0-9a-f]{64}/, '')}`;
const instructionOf = ({ name }: StepView) => name.split(/\s/, 1)[0] ?? '';

/** Whether the step did its work in this build, or began to. */
export function hasRun(step: StepView | null): boolean {
  return step !== null && step.startedAt !== null && !step.cached;
}

/**
 * The steps of two builds side by side: in the order of the later build, with those it no longer has where they stood.
 * Steps are the same by the engine's key, by their text (of a base image without its digest), or as the same
 * instruction between the same neighbours.
 */
export function pairSteps(
  before: readonly StepView[],
  after: readonly StepView[],
): StepPair[] {
  const partners = findPartners(before, after);
  const pairs = after.map((step) => toPair(partners.get(step) ?? null, step));
  let at = 0;
  for (const step of before) {
    const index = pairs.findIndex((pair) => pair.before === step);
    if (index < 0) pairs.splice(at, 0, toPair(step, null));
    at = index < 0 ? at + 1 : index + 1;
  }
  return pairs;
}

/** Whether each of the two builds came to a step. */
export function areBothThere(pairs: readonly StepPair[]): boolean {
  return pairs.some(({ before }) => before) && pairs.some(({ after }) => after);
}

function toPair(before: StepView | null, after: StepView | null): StepPair {
  return {
    before,
    after,
    isOtherText:
      before !== null &&
      after !== null &&
      after.key !== PUSH &&
      before.name !== after.name,
    isNewlyCached: hasRun(before) && after !== null && after.cached,
  };
}

function findPartners(
  before: readonly StepView[],
  after: readonly StepView[],
): Map<StepView, StepView> {
  const partners = new Map<StepView, StepView>();
  const taken = new Set<StepView>();
  const match = (
    mine: (step: StepView) => string,
    theirs: (step: StepView) => string,
  ) => {
    const free = new Map<string, StepView[]>();
    for (const step of before.filter((step) => !taken.has(step)))
      free.set(theirs(step), [...(free.get(theirs(step)) ?? []), step]);
    for (const step of after) {
      if (partners.has(step)) continue;
      const partner = free.get(mine(step))?.shift();
      if (partner === undefined) continue;
      partners.set(step, partner);
      taken.add(partner);
    }
  };
  match(
    ({ key }) => key,
    ({ key }) => key,
  );
  match(idOf, idOf);
  const gapBefore = gapsOf(before, (step) => (taken.has(step) ? step : null));
  const gapAfter = gapsOf(after, (step) => partners.get(step) ?? null);
  match(
    (step) => gapAfter.get(step) ?? '',
    (step) => gapBefore.get(step) ?? '',
  );
  return partners;
}

/** Where each step stands that has no partner: behind which step that has one, in which stage, by which instruction. */
function gapsOf(
  steps: readonly StepView[],
  partnerOf: (step: StepView) => StepView | null,
): Map<StepView, string> {
  const last = new Map<string, string>();
  const gaps = new Map<StepView, string>();
  for (const step of steps) {
    const partner = partnerOf(step);
    if (partner) last.set(step.stage, partner.key);
    else
      gaps.set(
        step,
        JSON.stringify([
          step.stage,
          last.get(step.stage) ?? null,
          instructionOf(step),
        ]),
      );
  }
  return gaps;
}

/** The step that broke the cache; `null` when none ran that came from the cache before. */
export function findCacheBreak(pairs: readonly StepPair[]): CacheBreak | null {
  const here = pairs.filter(({ after }) => after !== null);
  const index = here.findIndex(
    ({ before, after }) => before?.cached === true && hasRun(after),
  );
  const pair = here[index];
  return pair
    ? { pair, place: index + 1, reason: reasonOf(pair, pairs) }
    : null;
}

function reasonOf(
  pair: StepPair,
  pairs: readonly StepPair[],
): CacheBreak['reason'] {
  if (pair.isOtherText) return { kind: 'text' };
  const byAfter = new Map(pairs.map((each) => [each.after?.key, each]));
  const byBefore = new Map(pairs.map((each) => [each.before?.key, each]));
  const inputs = inputsOf(pair, byAfter);
  const found = (change: InputChange, of: StepView) =>
    ({ kind: 'input', change, name: of.name }) as const;
  for (const { before, after, isOtherText } of inputs) {
    if (after && !before) return found('added', after);
    if (after && isOtherText) return found('text', after);
  }
  for (const each of [pair, ...inputs])
    for (const key of each.before?.parents ?? []) {
      const parent = byBefore.get(key);
      if (parent?.before && !parent.after)
        return found('removed', parent.before);
    }
  const ran = inputs.find(({ after }) => hasRun(after));
  return ran?.after ? found('ran', ran.after) : { kind: 'unknown' };
}

/** Everything the step stands on in the later build, the nearest first. */
function inputsOf(
  pair: StepPair,
  byKey: ReadonlyMap<string | undefined, StepPair>,
): StepPair[] {
  const found = new Set<StepPair>();
  const queue = [pair];
  for (const each of queue)
    for (const key of each.after?.parents ?? []) {
      const parent = byKey.get(key);
      if (!parent || parent === pair || found.has(parent)) continue;
      found.add(parent);
      queue.push(parent);
    }
  return [...found];
}
