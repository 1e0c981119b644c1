import type { BuildBase } from '@/lib/build/bases';
import { toTimeline, type TimelineBar } from '@/lib/build/timeline';
import type { StepView } from '@/lib/build/views';

/** A base image by its name, with the digest that stood behind it in each build; `null` where a build had none of it. */
export type BasePair = {
  reference: string;
  before: string | null;
  after: string | null;
};

/** The base images of two builds, those of the earlier one first. */
export function pairBases(
  before: readonly BuildBase[],
  after: readonly BuildBase[],
): BasePair[] {
  const digestIn = (bases: readonly BuildBase[], reference: string) =>
    bases.find((base) => base.reference === reference)?.digest ?? null;
  const references = new Set(
    [...before, ...after].map(({ reference }) => reference),
  );
  return [...references].map((reference) => ({
    reference,
    before: digestIn(before, reference),
    after: digestIn(after, reference),
  }));
}

export type ComparedLayer = {
  digest: string;
  sizeBytes: number;
  madeBy: string | null;
};
export type LayerChanges = {
  shared: ComparedLayer[];
  removed: ComparedLayer[];
  added: ComparedLayer[];
};

/** Which layers of two images are the same blobs. One that an image holds twice counts twice. */
export function compareLayers(
  before: readonly ComparedLayer[],
  after: readonly ComparedLayer[],
): LayerChanges {
  const left = [...before];
  const shared: ComparedLayer[] = [];
  const added: ComparedLayer[] = [];
  for (const layer of after) {
    const index = left.findIndex(({ digest }) => digest === layer.digest);
    if (index >= 0) left.splice(index, 1);
    (index >= 0 ? shared : added).push(layer);
  }
  return { shared, removed: left, added };
}

export const PHASES = ['wait', 'step', 'push', 'verify'] as const;
export type Phase = (typeof PHASES)[number];

/** Milliseconds of each phase of a build's last attempt, `null` of one that it did not come to. */
export type PhaseTimes = Record<Phase, number | null> & { total: number };

/** How long a build waited, ran its steps, pushed and was read back. `now` is the end of what still runs. */
export function phaseTimes(
  build: Parameters<typeof toTimeline>[0],
  steps: readonly StepView[],
  now: number,
): PhaseTimes {
  const { bars, lengthMs } = toTimeline(build, steps, now);
  const span = (kind: TimelineBar['kind']) => {
    const own = bars.filter((bar) => bar.kind === kind);
    if (own.length === 0) return null;
    return (
      Math.max(...own.map(({ toMs }) => toMs)) -
      Math.min(...own.map(({ fromMs }) => fromMs))
    );
  };
  return {
    wait: span('wait'),
    step: span('step'),
    push: span('push'),
    verify: span('verify'),
    total: lengthMs,
  };
}
